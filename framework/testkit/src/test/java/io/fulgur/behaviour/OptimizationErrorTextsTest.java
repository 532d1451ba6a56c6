package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole texts of what is said of optimizers, steps and options that contradict each other. */
class OptimizationErrorTextsTest {
  private final Map<String, FulgurException> errors = new LinkedHashMap<>();

  /** Has a step for each of two optimizers. */
  static final class Planned extends Adversaries {
    private final boolean named;
    private final String second;

    Planned(boolean named, String second) {
      this.named = named;
      this.second = second;
    }

    @Override
    OptimizerPlan plan() {
      return named
          ? OptimizerPlan.of("discriminator", discriminatorOptimizer)
              .and(second, generatorOptimizer)
          : OptimizerPlan.of(discriminatorOptimizer, generatorOptimizer);
    }
  }

  /** Has one step for both optimizers, which are to take turns. */
  static final class Shared extends Rivals {
    @TrainingStep
    io.fulgur.tensor.Tensor train(Batch batch) {
      return discriminatorLoss(batch);
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return bothOptimizers().everyNBatches("generator", 2);
    }
  }

  /** Steps its optimizers itself. */
  @ManualOptimization
  static final class ByHand extends Rivals {
    private final int everyNBatches;

    ByHand(int everyNBatches) {
      this.everyNBatches = everyNBatches;
    }

    @TrainingStep
    void train(Batch batch) {
      manualOptimizer("generatr");
    }

    @ConfigureOptimizers
    OptimizerPlan plan() {
      return bothOptimizers().everyNBatches("generator", everyNBatches);
    }
  }

  static final class WithoutOptimizers extends BoringModule {
    @Override
    protected OptimizerPlan plan() {
      return OptimizerPlan.none();
    }
  }

  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(1);
  }

  private void fails(String what, TrainerBuilder trainer, FulgurModule module) {
    Trainer built = trainer.build();
    errors.put(
        what,
        catchThrowableOfType(FulgurException.class, () -> built.fit(module, BoringData.loader(2))));
  }

  @Test
  void texts_areThoseOfTheGoldenFile() throws IOException {
    fails("another name", trainer(), new Planned(true, "forger"));
    fails("no names", trainer(), new Planned(false, ""));
    fails("turns with a shared step", trainer(), new Shared());
    fails(
        "options by hand", trainer().accumulateGradBatches(2).gradientClipVal(0.5), new ByHand(3));
    fails("unknown optimizer by hand", trainer(), new ByHand(1));
    fails(
        "accumulation set by hand",
        trainer()
            .callback(
                new Callback() {
                  @Override
                  public void onTrainStart(Trainer trainer, FulgurModule module) {
                    trainer.accumulateGradBatches(4);
                  }
                }),
        new ByHand(1));
    fails("without end", trainer().maxEpochs(-1).maxSteps(10), new WithoutOptimizers());

    StringBuilder text = new StringBuilder();
    errors.forEach(
        (what, error) ->
            text.append("== ").append(what).append('\n').append(error.getMessage()).append("\n\n"));
    try (InputStream golden = getClass().getResourceAsStream("optimization-error-texts.txt")) {
      assertThat(golden).isNotNull();
      assertThat(text.toString())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
