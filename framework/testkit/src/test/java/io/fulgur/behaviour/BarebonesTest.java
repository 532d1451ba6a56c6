package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.ModelSummary;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.monitor.LearningRateMonitor;
import io.fulgur.error.FulgurException;
import io.fulgur.progress.ConsoleProgressDisplay;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.testkit.RecordingLogger;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarebonesTest {
  @Test
  void fit_barebones_onlyTrains(@TempDir Path folder) {
    Trainer trainer = Trainer.builder().barebones(true).maxEpochs(2).defaultRootDir(folder).build();
    String told = LogLines.of(() -> trainer.fit(new BoringModule(), BoringData.module(3, 2)));

    assertThat(trainer.globalStep()).isEqualTo(6);
    assertThat(trainer.callbacks()).isEmpty();
    assertThat(trainer.loggers()).isEmpty();
    assertThat(trainer.callbackMetrics()).isEmpty();
    assertThat(trainer.options().logEveryNSteps()).isZero();
    assertThat(trainer.options().numSanityValSteps()).isZero();
    assertThat(folder).isEmptyDirectory();
    assertThat(told)
        .containsOnlyOnce(
            "log(\"train_loss\") does nothing, nor does any other call of it: the trainer is"
                + " barebones");
  }

  @Test
  void fit_barebones_learnsTheSameWeights() {
    io.fulgur.Fulgur.seedEverything(5);
    BoringModule bare = new BoringModule();
    io.fulgur.Fulgur.seedEverything(5);
    BoringModule full = new BoringModule();
    Trainer.builder().barebones(true).maxEpochs(2).build().fit(bare, BoringData.module(3, 2));
    TestTrainers.quiet(new RecordingLogger())
        .maxEpochs(2)
        .build()
        .fit(full, BoringData.module(3, 2));

    assertThat(bare.parameters().get(0).toFloatArray())
        .isEqualTo(full.parameters().get(0).toFloatArray());
  }

  @Test
  void fit_barebonesWithACallback_stillCallsIt() {
    List<String> calls = new ArrayList<>();
    Trainer.builder()
        .barebones(true)
        .maxEpochs(1)
        .callback(RecordingCallback.into(calls))
        .build()
        .fit(new BoringModule(), BoringData.loader(1));

    assertThat(calls).contains("onTrainBatchStart", "onTrainBatchEnd");
  }

  @Test
  void build_barebonesAndWhatItLeavesOut_isAnErrorThatListsAllOfIt() {
    assertThatThrownBy(
            () ->
                Trainer.builder()
                    .environment(Map.of("FULGUR_TRAINER_BAREBONES", "true"))
                    .enableLogging(true)
                    .enableCheckpointing(true)
                    .enableProgressBar(true)
                    .enableModelSummary(true)
                    .enableAutologHparams(true)
                    .detectAnomaly(true)
                    .logEveryNSteps(1)
                    .numSanityValSteps(1)
                    .fastDevRun(true)
                    .profiler("simple")
                    .callbacks(
                        ModelCheckpoint.builder().build(),
                        new ConsoleProgressDisplay(),
                        new ModelSummary(),
                        new LearningRateMonitor())
                    .logger(new RecordingLogger())
                    .build())
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            """
            [InvalidOptions] The trainer cannot be built:
              1) enableLogging is true, but barebones leaves that out; set only one of them.
              2) enableCheckpointing is true, but barebones leaves that out; set only one of them.
              3) enableProgressBar is true, but barebones leaves that out; set only one of them.
              4) enableModelSummary is true, but barebones leaves that out; set only one of them.
              5) enableAutologHparams is true, but barebones leaves that out; set only one of them.
              6) detectAnomaly is true, but barebones leaves that out; set only one of them.
              7) logEveryNSteps is 1, but barebones leaves that out; set only one of them.
              8) numSanityValSteps is 1, but barebones leaves that out; set only one of them.
              9) fastDevRun is 1, but barebones leaves that out; set only one of them.
              10) profiler is simple, but barebones leaves that out; set only one of them.
              11) barebones leaves out the callback ModelCheckpoint; leave out one of them.
              12) barebones leaves out the callback ConsoleProgressDisplay; leave out one of them.
              13) barebones leaves out the callback ModelSummary; leave out one of them.
              14) barebones leaves out loggers, but one was given; leave out one of them.""");
  }

  @Test
  void build_barebonesAndWhatItLeavesOutSwitchedOff_isFine() {
    Trainer trainer =
        TestTrainers.quiet().barebones(true).logEveryNSteps(0).numSanityValSteps(0).build();

    assertThat(trainer.options().barebones()).isTrue();
  }
}
