package io.fulgur.hyperparameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HyperparametersTest {
  record Schedule(String kind, double factor, List<Integer> milestones) {}

  @TempDir Path folder;

  private static Map<String, Object> everyKind() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", "1e-3");
    values.put("bias", true);
    values.put("hidden", 128);
    values.put("seed", Long.MAX_VALUE);
    values.put("learningRate", 1e-3);
    values.put("dropout", 0.1f);
    values.put("limit", Double.POSITIVE_INFINITY);
    values.put("dtype", DType.BF16);
    values.put("data", Path.of("data/digits"));
    values.put("patience", Duration.ofMinutes(5));
    values.put("sizes", new int[] {64, 32});
    values.put("classes", List.of("a", "b"));
    values.put("weights", Map.of("a", 0.5));
    values.put("schedule", new Schedule("step", 0.1, List.of(10, 20)));
    values.put("warmup", Optional.empty());
    values.put("teacher", null);
    return values;
  }

  @Test
  void of_everyKind_isBroughtToPlainValues() {
    Map<String, Object> plain = Hyperparameters.of(everyKind()).asMap();
    assertThat(plain.keySet()).containsExactlyElementsOf(everyKind().keySet());
    assertThat(plain)
        .containsEntry("name", "1e-3")
        .containsEntry("bias", true)
        .containsEntry("hidden", 128L)
        .containsEntry("seed", Long.MAX_VALUE)
        .containsEntry("learningRate", 1e-3)
        .containsEntry("dropout", 0.1)
        .containsEntry("dtype", "BF16")
        .containsEntry("data", Path.of("data/digits").toString())
        .containsEntry("patience", "PT5M")
        .containsEntry("sizes", List.of(64L, 32L))
        .containsEntry("weights", Map.of("a", 0.5))
        .containsEntry(
            "schedule", Map.of("kind", "step", "factor", 0.1, "milestones", List.of(10L, 20L)))
        .containsEntry("warmup", null)
        .containsEntry("teacher", null);
  }

  @Test
  void toArguments_afterYaml_areWhatWasPassed() {
    Hyperparameters read =
        Hyperparameters.fromYaml(Hyperparameters.of(everyKind()).toYaml(), "hparams.yaml");
    assertArguments(read);
  }

  @Test
  void toArguments_afterJson_areWhatWasPassed() {
    assertArguments(Hyperparameters.fromJson(Hyperparameters.of(everyKind()).toJson()));
  }

  /** The parameters of a constructor with all those types. */
  @SuppressWarnings("unused")
  private static void constructor(
      String name,
      boolean bias,
      int hidden,
      long seed,
      double learningRate,
      float dropout,
      double limit,
      DType dtype,
      Path data,
      Duration patience,
      int[] sizes,
      List<String> classes,
      Map<String, Float> weights,
      Schedule schedule,
      Optional<Integer> warmup,
      String teacher) {}

  private static void assertArguments(Hyperparameters hyperparameters) {
    Map<String, Type> parameters = new LinkedHashMap<>();
    Arrays.stream(HyperparametersTest.class.getDeclaredMethods())
        .filter(method -> method.getName().equals("constructor"))
        .flatMap(method -> Arrays.stream(method.getParameters()))
        .forEach(p -> parameters.put(p.getName(), p.getParameterizedType()));
    assertThat(hyperparameters.toArguments("Model", parameters))
        .containsExactly(
            "1e-3",
            true,
            128,
            Long.MAX_VALUE,
            1e-3,
            0.1f,
            Double.POSITIVE_INFINITY,
            DType.BF16,
            Path.of("data/digits"),
            Duration.ofMinutes(5),
            new int[] {64, 32},
            List.of("a", "b"),
            Map.of("a", 0.5f),
            new Schedule("step", 0.1, List.of(10, 20)),
            Optional.empty(),
            null);
  }

  @Test
  void toYaml_givesAReadableFile() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("hidden", 128);
    values.put("learningRate", 1e-3);
    values.put("name", "net");
    values.put("sizes", List.of(1, 2));
    assertThat(Hyperparameters.of(values).toYaml())
        .isEqualTo(
            """
            hidden: 128
            learningRate: 0.001
            name: "net"
            sizes:
            - 1
            - 2
            """);
  }

  @Test
  void of_unsupportedValue_namesTheSpot() {
    Map<String, Object> values = Map.of("blocks", List.of(1, Map.of("net", new Object())));
    assertThat(Hyperparameters.isSupported(values)).isFalse();
    assertThat(Hyperparameters.isSupported(List.of(1))).isTrue();
    assertThatThrownBy(() -> Hyperparameters.of(values))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.UNSUPPORTED_HYPERPARAMETER))
        .hasMessageContaining("\"blocks[1].net\" is of type java.lang.Object");
  }

  @Test
  void toArguments_severalMistakes_areReportedTogether() {
    Hyperparameters hyperparameters =
        Hyperparameters.of(Map.of("hidden", "many", "dtype", "F31", "unused", 1));
    Map<String, Class<?>> parameters = new LinkedHashMap<>();
    parameters.put("hidden", int.class);
    parameters.put("rate", double.class);
    parameters.put("dtype", DType.class);
    assertThatThrownBy(() -> hyperparameters.toArguments("DigitClassifier", parameters))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.HYPERPARAMETER_MISMATCH))
        .hasMessageStartingWith(
            "[HyperparameterMismatch] DigitClassifier cannot be constructed from the hyperparameters {")
        .hasMessageContaining(
            "\n1) [HyperparameterMismatch] Hyperparameter \"hidden\" is the text \"many\", but must be int.")
        .hasMessageContaining(
            "\n2) [MissingHyperparameter] Parameter \"rate\" of type double has no value; pass one.")
        .hasMessageContaining(
            "\n3) [HyperparameterMismatch] Hyperparameter \"dtype\" is the text \"F31\", but must be one of F32, F64, BF16");
  }

  @Test
  void get_wrongOrMissing_isReported() {
    Hyperparameters hyperparameters = Hyperparameters.of(Map.of("hidden", 3_000_000_000L));
    assertThatThrownBy(() -> hyperparameters.get("hidden", int.class))
        .hasMessageContaining("\"hidden\" is the number 3000000000, but must be int");
    assertThatThrownBy(() -> hyperparameters.get("hiden", int.class))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.UNKNOWN_HYPERPARAMETER))
        .hasMessageContaining("no hyperparameter \"hiden\". There are: hidden.");
    assertThat(hyperparameters.get("hidden", double.class)).isEqualTo(3e9);
  }

  @Test
  void get_textsFromACommandLine_areNumbers() {
    Hyperparameters texts =
        Hyperparameters.of(Map.of("a", "64", "b", "1e-3", "c", "true", "d", "bf16", "e", "64.0"));
    assertThat(texts.get("a", int.class)).isEqualTo(64);
    assertThat(texts.get("b", double.class)).isEqualTo(1e-3);
    assertThat(texts.get("c", boolean.class)).isTrue();
    assertThat(texts.get("d", DType.class)).isEqualTo(DType.BF16);
    assertThat(texts.get("e", long.class)).isEqualTo(64);
    assertThatThrownBy(() -> texts.get("b", int.class)).isInstanceOf(FulgurException.class);
    assertThatThrownBy(() -> texts.get("a", boolean.class)).isInstanceOf(FulgurException.class);
  }

  @Test
  void get_numberTooLargeForItsType_isNotInfinity() {
    Hyperparameters texts =
        Hyperparameters.of(Map.of("huge", "1e999", "large", 1e300, "infinite", "-Infinity"));
    assertThat(texts.get("infinite", float.class)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> texts.get("huge", double.class))
        .hasMessageContaining("\"huge\" is the text \"1e999\", but must be double");
    assertThatThrownBy(() -> texts.get("large", float.class))
        .hasMessageContaining("but must be float");
  }

  @Test
  void toArguments_setsAndNestedArrays_areConverted() {
    Hyperparameters hyperparameters =
        Hyperparameters.of(Map.of("grid", List.of(List.of(1, 2), List.of(3)), "tags", Set.of("x")));
    assertThat(hyperparameters.get("grid", int[][].class)).isDeepEqualTo(new int[][] {{1, 2}, {3}});
    assertThat((Object) hyperparameters.get("tags", Set.class)).isEqualTo(Set.of("x"));
    assertThatThrownBy(() -> hyperparameters.get("grid", int[].class))
        .hasMessageContaining("\"grid[0]\" is the list [1, 2], but must be int");
  }

  @Test
  void get_recordWithMissingComponent_namesIt() {
    Hyperparameters hyperparameters =
        Hyperparameters.of(Map.of("schedule", Map.of("kind", "step")));
    assertThatThrownBy(() -> hyperparameters.get("schedule", Schedule.class))
        .hasMessageContaining(
            "\"schedule\" has no \"factor\", which Schedule needs. It has: [kind].");
  }

  @Test
  void with_overrides_replacesAndAppends() {
    Hyperparameters changed =
        Hyperparameters.of(Map.of("hidden", 1)).with(Map.of("hidden", 2)).with(Map.of("x", true));
    assertThat(changed.names()).containsExactly("hidden", "x");
    assertThat(changed.get("hidden", int.class)).isEqualTo(2);
    assertThat(changed.without(Set.of("x", "y")).names()).containsExactly("hidden");
  }

  @Test
  void flattened_nestedValues_haveSlashes() {
    Hyperparameters nested =
        Hyperparameters.of(
            Map.of("optimizer", Map.of("lr", 0.1, "betas", List.of(0.9, 0.99), "none", List.of())));
    assertThat(nested.flattened())
        .containsOnly(
            Map.entry("optimizer/lr", 0.1),
            Map.entry("optimizer/betas/0", 0.9),
            Map.entry("optimizer/betas/1", 0.99),
            Map.entry("optimizer/none", List.of()));
  }

  @Test
  void read_brokenFiles_areReportedWithTheirPlace() throws IOException {
    Path file = folder.resolve("hparams.yaml");
    Files.writeString(file, "hidden: 1\nrate: [1, 2\n");
    assertThatThrownBy(() -> Hyperparameters.read(file))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_HYPERPARAMETER_FILE))
        .hasMessageContaining(file + " is not valid YAML at line 2");
    Files.writeString(file, "a: 1\na: 2\n");
    assertThatThrownBy(() -> Hyperparameters.read(file)).hasMessageContaining("Duplicate");
    Files.writeString(file, "- 1\n");
    assertThatThrownBy(() -> Hyperparameters.read(file)).hasMessageContaining("but holds a list");
    Files.write(file, new byte[] {(byte) 0xFF});
    assertThatThrownBy(() -> Hyperparameters.read(file))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.FILE_UNREADABLE));
    assertThatThrownBy(() -> Hyperparameters.read(folder.resolve("none.yaml")))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.FILE_UNREADABLE));
    Files.write(file, "".getBytes(StandardCharsets.UTF_8));
    assertThat(Hyperparameters.read(file).isEmpty()).isTrue();
  }

  @Test
  void fromYaml_tagOfAClass_instantiatesNothing() {
    Hyperparameters read =
        Hyperparameters.fromYaml("x: !!java.net.URL [\"http://localhost/\"]\n", "evil.yaml");
    assertThat(read.asMap()).containsEntry("x", List.of("http://localhost/"));
  }
}
