package io.fulgur;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.error.ErrorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each kind of error is one that something reports, and that a test sees. */
class ErrorCatalogueTest {
  /** Of the modules of the framework, which this test runs in one of. */
  private static final Path FRAMEWORK = Path.of("..");

  private static final String CATALOGUE = "ErrorId.java";

  /** Of engines and libraries that are there wherever tests run. */
  private static final Set<ErrorId> OUT_OF_REACH =
      Set.of(ErrorId.NO_ENGINE, ErrorId.NO_KERNEL, ErrorId.KERNEL_FAILED, ErrorId.MISSING_LIBRARY);

  /** Returns all that the files of a part of the modules hold, but the list itself. */
  private static String all(String part, List<String> extensions) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> modules = Files.list(FRAMEWORK)) {
      for (Path module : (Iterable<Path>) modules.sorted()::iterator) {
        Path sources = module.resolve("src").resolve(part);
        if (Files.isDirectory(sources)) {
          append(text, sources, extensions);
        }
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Path sources, List<String> extensions)
      throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        if (extensions.stream().anyMatch(name::endsWith) && !name.equals(CATALOGUE)) {
          text.append(Files.readString(file));
        }
      }
    }
  }

  private static List<ErrorId> without(Predicate<ErrorId> wanted) {
    return Arrays.stream(ErrorId.values()).filter(wanted.negate()).toList();
  }

  @Test
  void everyId_isReportedBySomething() throws IOException {
    String main = all("main", List.of(".java"));

    assertThat(without(id -> main.contains("ErrorId." + id.name()))).isEmpty();
  }

  @Test
  void everyId_standsInAGoldenFileOrInATest() throws IOException {
    String tests = all("test", List.of(".java", ".txt"));

    assertThat(
            without(
                id ->
                    OUT_OF_REACH.contains(id)
                        || tests.contains("[" + id.label() + "]")
                        || tests.contains("ErrorId." + id.name())))
        .isEmpty();
  }
}
