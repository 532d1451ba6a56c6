package io.fulgur.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BleuScoreTest {
  private static final Reference NLTK = Reference.of("bleu");

  private static BleuScore ofAll(BleuScore score) {
    return ofSome(score, 0, NLTK.node("candidates").size());
  }

  private static BleuScore ofSome(BleuScore score, int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> score.update(NLTK.node("candidates").get(i).textValue(), references(i)));
    return score;
  }

  private static String[] references(int index) {
    return StreamSupport.stream(NLTK.node("references").get(index).spliterator(), false)
        .map(JsonNode::textValue)
        .toArray(String[]::new);
  }

  @Test
  void compute_corpus_isTheReference() {
    assertThat(ofAll(new BleuScore()).compute()).isCloseTo(NLTK.number("corpus"), within(1e-12));
    assertThat(ofAll(new BleuScore().maxN(2)).compute())
        .isCloseTo(NLTK.number("corpus_2"), within(1e-12));
    assertThat(ofAll(new BleuScore().smooth()).compute())
        .isCloseTo(NLTK.number("corpus_smooth"), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void batchValue_ofASentence_isTheReference(int index) {
    BleuScore score = ofSome(new BleuScore(), 0, index + 2);

    assertThat(score.batchValue())
        .isCloseTo(NLTK.node("sentences").get(index).doubleValue(), within(1e-12));
  }

  @Test
  void smooth_noLongRunMatches_isNotZero() {
    assertThat(ofSome(new BleuScore().smooth(), 0, 1).compute())
        .isCloseTo(NLTK.number("first_smooth"), within(1e-12));
    assertThat(new BleuScore().update("a b c d e", "e d c b a").compute()).isZero();
  }

  @Test
  void merge_partsSeenApart_isTheReference() {
    BleuScore first = ofSome(new BleuScore(), 0, 1);
    BleuScore second = ofSome(new BleuScore(), 1, 4);
    BleuScore restored = second.emptyCopy();
    restored.loadState(second.state());

    first.merge(restored);

    assertThat(first.compute()).isCloseTo(NLTK.number("corpus"), within(1e-12));
    first.reset();
    assertThat(first.compute()).isNaN();
  }

  /** By hand: p1 = 3/3, p2 = 2/2; 3 tokens against the nearest reference of 5. */
  @Test
  void compute_shorterThanItsReference_isPenalised() {
    assertThat(new BleuScore().maxN(2).update("a b c", "a b c d e", "a b c d e f").compute())
        .isCloseTo(Math.exp(1 - 5.0 / 3), within(1e-15));
    // Of references as near, the shorter counts: 2 tokens are no fewer than 1.
    assertThat(new BleuScore().maxN(1).update("a b", "a", "a b c").compute())
        .isCloseTo(1, within(1e-15));
  }

  @Test
  void update_emptyCandidate_isZero() {
    assertThat(new BleuScore().update("", "a b").compute()).isZero();
  }

  @Test
  void update_candidateWithoutReference_isAnError() {
    assertThatThrownBy(() -> new BleuScore().update("a b"))
        .hasMessageContaining("1 candidates and references for 0 of them");
    assertThatThrownBy(() -> new BleuScore().update(List.of(List.of("a")), List.of()))
        .hasMessageContaining("each candidate needs one or more");
  }
}
