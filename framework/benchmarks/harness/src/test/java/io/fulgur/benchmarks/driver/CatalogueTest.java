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
        models:
          small: {about: a small one, steps: 100}
          large:
            about: a large one
            steps: 50
            baselines: [second]
            contestants: [second, first]
            targets: {first: 0.5}
            memoryTargets: {}
            statistic: mean
            addedMicros: {first: 5}
        baselines: [first]
        memoryJvmArguments: [-Xmn16m]
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
        .containsExactly(
            Map.entry(
                "small",
                new ModelDescription(
                    "a small one",
                    100,
                    List.of(),
                    List.of(),
                    Map.of(),
                    null,
                    Statistic.MEDIAN,
                    null)),
            Map.entry(
                "large",
                new ModelDescription(
                    "a large one",
                    50,
                    List.of("second"),
                    List.of("second", "first"),
                    Map.of("first", 0.5),
                    Map.of(),
                    Statistic.MEAN,
                    Map.of("first", 5.0))));
    assertThat(catalogue.baselines()).containsExactly("first");
    assertThat(catalogue.baselinesOf(catalogue.models().get("small"))).containsExactly("first");
    assertThat(catalogue.baselinesOf(catalogue.models().get("large"))).containsExactly("second");
    assertThat(catalogue.memoryJvmArguments()).containsExactly("-Xmn16m");
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
    assertThat(catalogue.models().values())
        .allSatisfy(
            model ->
                assertThat(catalogue.contestants().keySet())
                    .containsAll(model.baselines())
                    .containsAll(model.contestants())
                    .containsAll(model.targets().keySet()));
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
