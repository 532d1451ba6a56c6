package io.fulgur.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.BatchLimit;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.TrainerOptions;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.checkpoint.State;
import io.fulgur.error.FulgurException;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrainerOptionsTest {
  /** Writes nothing. */
  private static final class NoCheckpoints implements CheckpointCallback {
    @Override
    public Path bestModelPath() {
      return null;
    }

    @Override
    public Path lastModelPath() {
      return null;
    }
  }

  private static final class Display implements ProgressDisplay {}

  private static void assertProblems(TrainerBuilder builder, String... lines) {
    StringBuilder expected = new StringBuilder("[InvalidOptions] The trainer cannot be built:");
    for (int i = 0; i < lines.length; i++) {
      expected.append("\n  ").append(i + 1).append(") ").append(lines[i]);
    }
    assertThatThrownBy(builder::build)
        .isInstanceOf(FulgurException.class)
        .hasMessage(expected.toString());
  }

  @Test
  void build_manyMistakes_reportsAllOfThem() {
    assertProblems(
        Trainer.builder()
            .maxEpochs(-100)
            .maxSteps(-2)
            .minEpochs(-1)
            .minSteps(-1)
            .fastDevRun(-1)
            .limitTrainBatches(-3)
            .limitValBatches(1.5)
            .limitTestBatches(Double.NaN)
            .limitPredictBatches(4.0)
            .overfitBatches(-0.5)
            .checkValEveryNEpoch(0)
            .numSanityValSteps(-2)
            .logEveryNSteps(-1)
            .accumulateGradBatches(0)
            .gradientClipVal(-0.5)
            .valCheckInterval(0),
        "limitTrainBatches is -3; it must be at least 0.",
        "limitValBatches is the fraction 1.5; fractions go from 0 to 1.",
        "limitTestBatches is the fraction NaN; fractions go from 0 to 1.",
        "limitPredictBatches is the fraction 4.0; fractions go from 0 to 1. For a number of batches"
            + " write 4.",
        "overfitBatches is the fraction -0.5; fractions go from 0 to 1.",
        "valCheckInterval is 0 batches; it must be at least 1. Set limitValBatches to 0 to leave out"
            + " validation.",
        "maxEpochs is -100; it must be at least -1 (-1 for no limit).",
        "maxSteps is -2; it must be at least -1 (-1 for no limit).",
        "minEpochs is -1; it must be at least 0.",
        "minSteps is -1; it must be at least 0.",
        "fastDevRun is -1; it must be at least 0 (0 for a real run).",
        "checkValEveryNEpoch is 0; it must be at least 1.",
        "numSanityValSteps is -2; it must be at least -1 (-1 for all batches).",
        "logEveryNSteps is -1; it must be at least 0 (0 for never).",
        "accumulateGradBatches is 0; it must be at least 1 (1 for none).",
        "gradientClipVal is -0.5; it must be positive, or 0 for no bound.");
  }

  @Test
  void build_contradictions_areReported() {
    assertProblems(
        Trainer.builder()
            .maxEpochs(2)
            .minEpochs(3)
            .maxSteps(10)
            .minSteps(11)
            .valCheckAcrossEpochs(true)
            .checkValEveryNEpoch(2)
            .enableLogging(false)
            .logger(new RecordingLogger())
            .enableCheckpointing(false)
            .callback(new NoCheckpoints())
            .enableProgressBar(false)
            .callbacks(new Display(), new Display()),
        "minEpochs is 3, more than maxEpochs, which is 2.",
        "minSteps is 11, more than maxSteps, which is 10.",
        "valCheckAcrossEpochs needs a valCheckInterval in batches or a time, but it is the fraction 1.0"
            + " of an epoch; give a whole number.",
        "valCheckAcrossEpochs validates without regard to epochs, but checkValEveryNEpoch is 2; set"
            + " only one of them.",
        "enableLogging is false, but a logger was given; leave out one of them.",
        "enableCheckpointing is false, but the callback NoCheckpoints was given; leave out one of"
            + " them.",
        "enableProgressBar is false, but the callback Display was given; leave out one of them.",
        "enableProgressBar is false, but the callback Display was given; leave out one of them.",
        "2 progress displays were given (Display, Display); give one.");
  }

  @Test
  void build_nothingSet_hasTheDefaults() {
    TrainerOptions options = TestTrainers.quiet().build().options();

    assertThat(options.maxEpochs()).isEqualTo(1000);
    assertThat(options.maxSteps()).isEqualTo(TrainerOptions.UNLIMITED);
    assertThat(options.limitTrainBatches()).isEqualTo(BatchLimit.ALL);
    assertThat(options.numSanityValSteps()).isEqualTo(2);
    assertThat(options.logEveryNSteps()).isEqualTo(50);
    assertThat(options.accumulateGradBatches()).isEqualTo(1);
  }

  @Test
  void build_maxStepsAlone_leavesEpochsUnlimited() {
    TrainerOptions options = TestTrainers.quiet().maxSteps(3).build().options();

    assertThat(options.maxEpochs()).isEqualTo(TrainerOptions.UNLIMITED);
  }

  @Test
  void build_minStepsAlone_asksForOneEpoch() {
    assertThat(TestTrainers.quiet().minSteps(3).build().options().minEpochs()).isEqualTo(1);
  }

  @Test
  void build_twoStatefulCallbacksOfOneKey_isAnError() {
    class Stateful implements Callback {
      @Override
      public State state() {
        return State.empty();
      }

      @Override
      public String stateKey() {
        return "same";
      }
    }

    assertThatThrownBy(() -> TestTrainers.quiet().callbacks(new Stateful(), new Stateful()).build())
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[DuplicateStateKey] Two callbacks keep their state under \"same\"");
  }

  @Test
  void build_callbacks_areOrdered() {
    Callback ordinary = new Callback() {};
    Callback monitor =
        new Callback() {
          @Override
          public Order order() {
            return Order.MONITOR;
          }
        };
    Callback checkpoints = new NoCheckpoints();
    Trainer trainer =
        TestTrainers.quiet()
            .enableCheckpointing(true)
            .callbacks(checkpoints, monitor, ordinary)
            .build();

    assertThat(trainer.callbacks()).containsExactly(ordinary, monitor, checkpoints);
    assertThat(trainer.checkpointCallback()).isSameAs(checkpoints);
  }

  @Test
  void limits_readWell() {
    assertThat(BatchLimit.count(1)).hasToString("1 batch");
    assertThat(BatchLimit.count(7)).hasToString("7 batches");
    assertThat(BatchLimit.fraction(0.25)).hasToString("25 %");
    assertThat(BatchLimit.fraction(0.001)).hasToString("0.1 %");
  }

  private static String warnings(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return caught.toString(UTF_8);
  }

  @Test
  void fit_nobodySaidWhenItEnds_warns() {
    Trainer trainer = TestTrainers.quiet().limitTrainBatches(0).build();

    assertThat(warnings(() -> trainer.fit(new BoringModule(), BoringData.loader(1))))
        .contains(
            "None of maxEpochs, maxSteps and maxTime was set: training ends after 1000 epochs.");
    assertThat(warnings(() -> trainer.predict(new BoringModule(), BoringData.loader(1))))
        .doesNotContain("maxEpochs");
  }
}
