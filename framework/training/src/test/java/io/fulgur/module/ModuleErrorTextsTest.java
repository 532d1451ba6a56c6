package io.fulgur.module;

import io.fulgur.GoldenErrors;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the whole text of the errors of plans, outputs, constructors and hyperparameters. */
class ModuleErrorTextsTest {
  @TempDir private Path folder;
  private GoldenErrors errors = new GoldenErrors(Path.of(""));

  /** Refuses some values. */
  record Sizes(int hidden) {
    Sizes {
      if (hidden < 1) {
        throw new IllegalArgumentException("hidden must be at least 1");
      }
    }
  }

  /** Made by its name. */
  static final class Net {
    final Sizes sizes;
    final double rate;

    Net(Sizes sizes, double rate) {
      this.sizes = sizes;
      this.rate = rate;
    }
  }

  private abstract static class Unfinished {}

  /** Needs this test, which is the mistake. */
  @SuppressWarnings("ClassCanBeStatic")
  private final class Inner {}

  /** Returns arguments in the order in which they are given. */
  private static Map<String, Object> arguments(
      String first, Object value, String second, Object other) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put(first, value);
    arguments.put(second, other);
    return arguments;
  }

  @BeforeEach
  void begin() {
    errors = new GoldenErrors(folder);
  }

  private void plans() {
    SGD first = SGD.of(new Linear(1, 1).parameters()).learningRate(0.1);
    SGD second = SGD.of(new Linear(1, 1).parameters()).learningRate(0.1);
    OptimizerPlan named = OptimizerPlan.of("generator", first);
    errors.add("empty name", () -> OptimizerPlan.of("", first));
    errors.add("name taken", () -> named.and("generator", second));
    errors.add("names missing", () -> OptimizerPlan.of(first).and("critic", second));
    errors.add("same optimizer", () -> OptimizerPlan.of(first, first));
    errors.add("no turns", () -> named.everyNBatches("generator", 0));
    errors.add("unknown optimizer", () -> named.everyNBatches("generater", 2));
    errors.add("no names", () -> OptimizerPlan.of(first).everyNBatches("critic", 2));
    errors.add(
        "schedule of another optimizer", () -> named.withScheduler(new StepLR(second, 1, 0.1)));
    errors.add(
        "plateau of nothing", () -> named.withScheduler(ReduceLROnPlateau.of(first).build()));
    errors.add(
        "plateau of no name", () -> named.withScheduler(ReduceLROnPlateau.of(first).build(), ""));
    errors.add("no plateau", () -> Scheduled.of(new StepLR(first, 1, 0.1)).monitor("val_loss"));
    errors.add("no frequency", () -> Scheduled.of(new StepLR(first, 1, 0.1)).frequency(0));
  }

  private void outputs() {
    StepOutput output = StepOutput.loss(Tensor.scalar(1));
    errors.add("no such output", () -> output.get("logits"));
    errors.add("weight of a loss", () -> output.weight(0));
  }

  private void constructors() {
    errors.add("abstract", () -> ModuleFactory.create(Unfinished.class, Map.of()));
    errors.add("inner", () -> ModuleFactory.create(Inner.class, Map.of()));
    errors.add(
        "other arguments",
        () -> ModuleFactory.create(Net.class, arguments("rate", 1.0, "depth", 2)));
    errors.add(
        "wrong argument",
        () -> ModuleFactory.create(Net.class, arguments("rate", Thread.class, "sizes", "large")));
    errors.add(
        "argument that is refused",
        () -> ModuleFactory.create(Net.class, arguments("rate", 1, "sizes", Map.of("hidden", 0))));
    errors.add(
        "argument of another type",
        () ->
            ModuleFactory.create(
                Net.class, arguments("rate", "fast", "sizes", Map.of("hidden", 1))));
    errors.add(
        "part that is missing",
        () -> ModuleFactory.create(Net.class, arguments("rate", 1, "sizes", Map.of("width", 1))));
  }

  private void hyperparameters() throws IOException {
    Hyperparameters some = Hyperparameters.of(Map.of("hidden", 16));
    errors.add("unknown", () -> some.get("hiden", Integer.class));
    errors.add("of another type", () -> some.get("hidden", List.class));
    errors.add("that cannot be saved", () -> Hyperparameters.of(Map.of("net", Thread.class)));
    errors.add("no such file", () -> Hyperparameters.read(folder.resolve("hparams.yaml")));
    Path list = Files.writeString(folder.resolve("list.yaml"), "- 1\n");
    errors.add("file of a list", () -> Hyperparameters.read(list));
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "a: [1\n");
    errors.add("file that is no YAML", () -> Hyperparameters.read(broken));
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() throws IOException {
    plans();
    outputs();
    constructors();
    hyperparameters();
    errors.assertAreThoseOf(ModuleErrorTextsTest.class, "module-error-texts.txt");
  }
}
