package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.log.LogOptions;
import io.fulgur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // Called by generated code only.
class FulgurModuleTest {
  static class Simple extends FulgurModule {
    @ValidationStep
    void validate() {}
  }

  static class Recorder implements ModuleContext {
    final List<List<Object>> logged = new ArrayList<>();
    boolean skipped;

    @Override
    public void log(String name, Object value, LogOptions options) {
      logged.add(List.of(name, value, options));
    }

    @Override
    public int currentEpoch() {
      return 3;
    }

    @Override
    public long globalStep() {
      return 40;
    }

    @Override
    public void skipRestOfEpoch() {
      skipped = true;
    }

    @Override
    public @Nullable ManualSteps manualSteps() {
      return null;
    }
  }

  @Test
  void log_attached_reachesTheTrainer() {
    Simple module = new Simple();
    Recorder recorder = new Recorder();
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);
    Tensor value = Tensor.of(new float[] {2});
    LogOptions options = LogOptions.onEpoch();
    Map<String, Object> several = new LinkedHashMap<>();
    several.put("c", 1);
    several.put("d", value);

    bound.attach(recorder);
    module.log("a", 1.5);
    module.log("b", value, options);
    module.logAll(several, options);
    module.skipRestOfEpoch();

    assertThat(recorder.logged)
        .containsExactly(
            List.of("a", 1.5, LogOptions.defaults()),
            List.of("b", value, options),
            List.of("c", 1.0, options),
            List.of("d", value, options));
    assertThat(recorder.skipped).isTrue();
    assertThat(module.currentEpoch()).isEqualTo(3);
    assertThat(module.globalStep()).isEqualTo(40);
  }

  @Test
  void log_detached_warnsOnceAndDoesNothing() {
    Simple module = new Simple();
    Recorder recorder = new Recorder();
    BoundModule bound = ModuleBinder.bind(module, RunKind.VALIDATE);
    bound.attach(recorder);
    bound.detach();

    String warnings =
        standardError(
            () -> {
              module.log("first", 1);
              module.log("second", 2);
              module.skipRestOfEpoch();
            });

    assertThat(recorder.logged).isEmpty();
    assertThat(recorder.skipped).isFalse();
    assertThat(warnings)
        .contains("FulgurModuleTest.Simple logs \"first\", but no trainer runs it")
        .doesNotContain("second");
    assertThat(module.currentEpoch()).isZero();
    assertThat(module.globalStep()).isZero();
  }

  private static String standardError(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @ManualOptimization
  static class ByHand extends FulgurModule {
    void learn(Tensor loss) {
      manualBackward(loss);
    }
  }

  @Test
  void manualBackward_withoutATrainer_saysWhatIsNeeded() {
    assertThatThrownBy(() -> new ByHand().learn(Tensor.of(new float[] {1})))
        .hasMessage(
            "[NotManual] FulgurModuleTest.ByHand called manualBackward(loss), but no trainer runs"
                + " it. Annotate the class with @ManualOptimization, and call this in its training"
                + " step while a trainer fits it.");
  }

  @Test
  void manualOptimizers_ofAModuleThatTheTrainerOptimizes_saysWhatIsNeeded() {
    Simple module = new Simple();
    ModuleBinder.bind(module, RunKind.VALIDATE).attach(new Recorder());

    assertThatThrownBy(module::manualOptimizers)
        .hasMessageContaining("[NotManual] FulgurModuleTest.Simple called manualOptimizers(), but")
        .hasMessageContaining("the trainer does not let it optimize by hand");
  }
}
