package io.fulgur.samples.charlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSourceTest {
  /** That of "To be". */
  private static final String SHA_256 =
      "1bd754493b2d68d0f246eb503b367fcd9dd60971261311fc23df672e2a61cdaf";

  @TempDir private Path folder;

  private TextSource source(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("original.txt"), text, StandardCharsets.UTF_8);
    return new TextSource(file.toUri(), SHA_256, folder.resolve("cache/text.txt"));
  }

  @Test
  void read_theFirstTime_keepsTheTextForTheNext() throws IOException {
    TextSource source = source("To be");

    assertThat(source.read()).isEqualTo("To be");
    Files.delete(folder.resolve("original.txt"));
    assertThat(source.read()).isEqualTo("To be");
    assertThat(folder.resolve("cache")).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void read_anotherText_isRefusedAndNotKept() throws IOException {
    TextSource source = source("Not to be");

    assertThatThrownBy(source::read)
        .hasMessageContaining("where " + SHA_256 + " was expected")
        .hasMessageContaining("--text FILE");
    assertThat(folder.resolve("cache")).doesNotExist();
  }
}
