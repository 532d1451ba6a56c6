package io.fulgur.samples.charlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VocabularyTest {
  private final Vocabulary vocabulary = Vocabulary.of("hello\nyou");

  @Test
  void characters_ofAText_areThereOnceInOrder() {
    assertThat(vocabulary.characters()).isEqualTo("\nehlouy");
    assertThat(vocabulary.size()).isEqualTo(7);
  }

  @Test
  void encode_thenDecode_isTheText() {
    StringBuilder decoded = new StringBuilder();
    for (long number : vocabulary.encode("you\nhello")) {
      decoded.append(vocabulary.decode((int) number));
    }
    assertThat(decoded).hasToString("you\nhello");
  }

  @Test
  void encode_anUnknownCharacter_saysWhichAreKnown() {
    assertThatThrownBy(() -> vocabulary.encode("hey!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The model has never seen the character '!' (U+0021). It knows: \\nehlouy");
  }
}
