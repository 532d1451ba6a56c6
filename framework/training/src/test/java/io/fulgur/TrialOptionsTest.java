package io.fulgur;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a trial has of the options of the trainer that it is for. */
class TrialOptionsTest {
  private static TrainerBuilder builder() {
    return Trainer.builder().environment(Map.of()).enableLogging(false);
  }

  private static TrainerOptions trialOf(TrainerBuilder builder) {
    return builder
        .build()
        .options()
        .forTrial(/* epochs= */ 2, BatchLimit.count(3), BatchLimit.fraction(0.5));
  }

  @Test
  void forTrial_whatTheTrialIsAskedFor_isAsAsked() {
    TrainerOptions trial = trialOf(builder().limitTrainBatches(0.1).limitValBatches(7));

    assertThat(trial.maxEpochs()).isEqualTo(2);
    assertThat(trial.limitTrainBatches()).isEqualTo(BatchLimit.count(3));
    assertThat(trial.limitValBatches()).isEqualTo(BatchLimit.fraction(0.5));
    assertThat(trial.trial()).isTrue();
  }

  @Test
  void forTrial_whatEndsOrInterruptsTraining_isTakenBack() {
    TrainerOptions trial =
        trialOf(
            builder()
                .maxEpochs(9)
                .minEpochs(8)
                .maxSteps(7)
                .minSteps(6)
                .maxTime(Duration.ofDays(1))
                .valCheckInterval(Duration.ofHours(1))
                .valCheckAcrossEpochs(true)
                .numSanityValSteps(-1)
                .detectAnomaly(true)
                .reloadDataloadersEveryNEpochs(1));

    assertThat(trial.minEpochs()).isZero();
    assertThat(trial.maxSteps()).isEqualTo(TrainerOptions.UNLIMITED);
    assertThat(trial.minSteps()).isZero();
    assertThat(trial.maxTime()).isNull();
    assertThat(trial.valCheckInterval()).isEqualTo(BatchLimit.ALL);
    assertThat(trial.valCheckTime()).isNull();
    assertThat(trial.valCheckAcrossEpochs()).isFalse();
    assertThat(trial.numSanityValSteps()).isZero();
    assertThat(trial.detectAnomaly()).isFalse();
    assertThat(trial.reloadDataloadersEveryNEpochs()).isZero();
    assertThat(trial.enableAutologHparams()).isFalse();
    assertThat(trialOf(builder().checkValEveryNEpoch(4)).checkValEveryNEpoch()).isEqualTo(1);
    assertThat(trialOf(builder()).maxEpochsIsDefault()).isFalse();
  }

  @Test
  void forTrial_howTrainingIsDone_staysAndTheTrainerKeepsItsOwn() {
    Trainer trainer =
        builder()
            .maxEpochs(9)
            .accumulateGradBatches(4)
            .gradientClipVal(0.5)
            .gradientClipAlgorithm(GradientClipAlgorithm.VALUE)
            .deterministic(Determinism.WARN)
            .inferenceMode(false)
            .defaultRootDir(Path.of("/runs"))
            .build();
    TrainerOptions trial =
        trainer.options().forTrial(/* epochs= */ 1, BatchLimit.count(3), BatchLimit.ALL);

    assertThat(trial.accumulateGradBatches()).isEqualTo(4);
    assertThat(trial.gradientClipVal()).isEqualTo(0.5);
    assertThat(trial.gradientClipAlgorithm()).isEqualTo(GradientClipAlgorithm.VALUE);
    assertThat(trial.deterministic()).isEqualTo(Determinism.WARN);
    assertThat(trial.inferenceMode()).isFalse();
    assertThat(trial.defaultRootDir()).isEqualTo(Path.of("/runs"));
    assertThat(trial.nanoClock()).isSameAs(trainer.options().nanoClock());
    assertThat(trainer.options().maxEpochs()).isEqualTo(9);
    assertThat(trainer.options().limitTrainBatches()).isEqualTo(BatchLimit.ALL);
    assertThat(trainer.options().trial()).isFalse();
  }
}
