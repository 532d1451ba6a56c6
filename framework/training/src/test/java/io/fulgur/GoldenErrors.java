package io.fulgur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Collects the texts of errors, each under a name, and compares them with a golden file. */
public final class GoldenErrors {
  private final StringBuilder texts = new StringBuilder();
  private final Path folder;

  /**
   * Makes an empty collection.
   *
   * @param folder stands in the texts as {@code <folder>}
   */
  public GoldenErrors(Path folder) {
    this.folder = folder;
  }

  /** Adds the text of what something throws. */
  public void add(String name, ThrowingCallable mistake) {
    FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
    assertThat(e).as(name).isNotNull();
    String text = e.getMessage().replace(folder.toString(), "<folder>");
    texts.append("# ").append(name).append('\n').append(text).append('\n');
  }

  /** Compares with a file that lies beside a class. */
  public void assertAreThoseOf(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      String golden =
          new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(texts.toString()).isEqualTo(golden);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
