package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A resumed run that validates by time does so when the uninterrupted run does. */
class TimedValidationResumeTest {
  private static final int EPOCHS = 3;
  private static final int SAMPLES = 52;

  @TempDir private Path folder;

  /** Notes after how many batches validation ran, and takes a second for each batch. */
  private static final class Watch implements Callback {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Long> validated = new ArrayList<>();
    private final Path path;
    private final String hook;
    private final int at;

    Watch(Path path, String hook, int at) {
      this.path = path;
      this.hook = hook;
      this.at = at;
    }

    private void at(String now, Trainer trainer) {
      if (hook.equals(now) && trainer.totalBatches() == at) {
        trainer.saveCheckpoint(path);
      }
    }

    @Override
    public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int index) {
      nanos.addAndGet(1_000_000_000L);
      at("onTrainBatchStart", trainer);
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer, FulgurModule module, @Nullable StepOutput output, Batch batch, int index) {
      at("onTrainBatchEnd", trainer);
    }

    @Override
    public void onValidationStart(Trainer trainer, FulgurModule module) {
      at("onValidationStart", trainer);
    }

    @Override
    public void onValidationEnd(Trainer trainer, FulgurModule module) {
      if (!trainer.isSanityChecking()) {
        validated.add(trainer.totalBatches());
        at("onValidationEnd", trainer);
      }
    }
  }

  private static DataModule data() {
    return DataModule.of(Classifier.shuffled(SAMPLES, 2), Classifier.ordered(12));
  }

  private static void watched(Watch watch, @Nullable Path from) {
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(EPOCHS)
            .valCheckInterval(Duration.ofSeconds(5))
            .nanoClock(watch.nanos::get)
            .callback(watch)
            .build();
    if (from == null) {
      trainer.fit(new Classifier(), data());
    } else {
      trainer.fit(new Classifier(), data(), from);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "onTrainBatchEnd, 3, 5",
    "onTrainBatchEnd, 5, 5",
    "onValidationStart, 10, 10",
    "onValidationEnd, 10, 15"
  })
  void fit_resumedBetweenTimedValidations_validatesWhenTheUninterruptedRunDoes(
      String hook, int at, long next) {
    Path path = folder.resolve("timed.ckpt");
    Watch whole = new Watch(path, hook, at);
    watched(whole, null);
    assertThat(whole.validated).containsExactly(5L, 10L, 15L, 20L);

    Watch resumed = new Watch(path, "never", 0);
    resumed.nanos.set(77_000_000_000L);
    watched(resumed, path);

    assertThat(resumed.validated)
        .startsWith(next)
        .isEqualTo(whole.validated.subList((int) (next / 5) - 1, 4));
  }
}
