package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {

  @Test
  void read_aFile_keepsItsOrderAndFillsInWhatIsOptional(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("benchmarks.yaml");
    Files.writeString(
        file,
        """
        models: {small: a small one, large: a large one}
        baselines: [first]
        contestants:
          second:
            module: m
            mainClass: io.Second
            about: the second
            environment: {OMP_WAIT_POLICY: PASSIVE}
            jvmArguments: [-XX:+UseSerialGC]
          first: {module: n, mainClass: io.First, about: the first}
        """);

    Catalogue catalogue = Catalogue.read(file);

    assertThat(catalogue.models())
        .containsExactly(Map.entry("small", "a small one"), Map.entry("large", "a large one"));
    assertThat(catalogue.baselines()).containsExactly("first");
    assertThat(catalogue.contestants())
        .containsExactly(
            Map.entry(
                "second",
                new ContestantDescription(
                    "m",
                    "io.Second",
                    "the second",
                    Map.of("OMP_WAIT_POLICY", "PASSIVE"),
                    List.of("-XX:+UseSerialGC"))),
            Map.entry(
                "first",
                new ContestantDescription("n", "io.First", "the first", Map.of(), List.of())));
  }

  @Test
  void select_someNames_keepsTheCataloguesOrder() {
    Map<String, Integer> entries = new LinkedHashMap<>();
    entries.put("c", 1);
    entries.put("b", 2);
    entries.put("a", 3);

    assertThat(Catalogue.select(entries, List.of("a", "c"), "model").keySet())
        .containsExactly("c", "a");
    assertThat(Catalogue.select(entries, List.of(), "model")).isEqualTo(entries);
  }

  @Test
  void select_unknownNames_namesAllOfThem() {
    assertThatThrownBy(() -> Catalogue.select(Map.of("a", 1), List.of("x", "a", "y"), "contestant"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No contestant named x, y; there are a");
  }

  @Test
  void read_theRepositorysOwn_namesMainClassesThatExist() throws IOException {
    Path folder = Path.of("..");

    Catalogue catalogue = Catalogue.read(folder.resolve("benchmarks.yaml"));

    assertThat(catalogue.contestants().keySet()).containsAll(catalogue.baselines());
    assertThat(catalogue.contestants().values())
        .allSatisfy(
            contestant ->
                assertThat(
                        folder
                            .resolve(contestant.module())
                            .resolve("src/main/java")
                            .resolve(contestant.mainClass().replace('.', '/') + ".java"))
                    .exists());
  }
}
