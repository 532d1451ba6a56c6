package io.fulgur.benchmarks.fulgur;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.ImageClassifier;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.callback.Callback;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.Sample;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code mlp-large} under the Trainer, fed by two data workers. A step's time is that of the model:
 * from a batch's arrival to the end of the optimizer's step.
 */
final class DataWorkersMlp implements Contestant {
  private static final int WORKERS = 2;

  private final EncodedImages images = new EncodedImages(ImageClassifier.LENET);
  private final Dataset dataset;
  private final long workBeforeNanos;
  private final MlpModule.LastLoss loss = new MlpModule.LastLoss();
  private final StopWatch watch = new StopWatch();

  /** What the workers do for a batch. */
  enum Work {
    /** Copy images that are ready. */
    IDLE,

    /** Decode and vary images. */
    BUSY,

    /** Take about as long as that, asleep: what it costs a step to begin after a wait. */
    SLOW
  }

  DataWorkersMlp(Work work) {
    dataset =
        switch (work) {
          case IDLE -> ArrayDataset.copyOf(images);
          case BUSY -> images;
          case SLOW -> new Delayed(ArrayDataset.copyOf(images));
        };
    workBeforeNanos = images.workNanos();
  }

  /** A data set that takes a quarter of a millisecond for each sample, and no processor. */
  private record Delayed(Dataset samples) implements Dataset {
    private static final long NANOS = 250_000;

    @Override
    public long size() {
      return samples.size();
    }

    @Override
    public Sample get(long index) {
      LockSupport.parkNanos(NANOS);
      return samples.get(index);
    }
  }

  /**
   * Where the time of the loop goes, without that in which the contestant is not asked to train.
   */
  private static final class StopWatch {
    private long began;
    private long waitedNanos;
    private long elapsedNanos;
    private long steps;

    void loopGoesOn() {
      began = System.nanoTime();
    }

    void batchIsThere() {
      waitedNanos += System.nanoTime() - began;
    }

    void stepEnds() {
      elapsedNanos += System.nanoTime() - began;
      steps++;
    }
  }

  @Override
  public void train(Steps steps) {
    Fulgur.seedEverything(1);
    Callback gate =
        new Callback() {
          @Override
          public void onTrainStart(Trainer trainer, FulgurModule module) {
            next(trainer);
          }

          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            watch.batchIsThere();
            steps.begin();
          }

          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              @Nullable StepOutput output,
              Batch batch,
              int batchIndex) {
            watch.stepEnds();
            next(trainer);
          }

          private void next(Trainer trainer) {
            if (steps.next() == Steps.END) {
              trainer.stop();
            }
            watch.loopGoesOn();
          }
        };
    Trainer.builder()
        .maxEpochs(Integer.MAX_VALUE)
        .enableLogging(false)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .callback(gate)
        .build()
        .fit(
            new MlpModule(Mlp.LARGE, loss, /* loggedValues= */ 1),
            DataLoader.builder(dataset).batchSize(Mlp.LARGE.batchSize()).workers(WORKERS).build());
  }

  @Override
  public double loss() {
    return loss.value();
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>(Networks.details());
    double steps = Math.max(1, watch.steps);
    long workNanos = images.workNanos() - workBeforeNanos;
    details.put(
        "data",
        String.format(
            Locale.ROOT,
            "workers decoded in %.0f %% of their time, %.0f us a batch; the loop waited %.0f us for"
                + " each",
            100.0 * workNanos / Math.max(1, WORKERS * watch.elapsedNanos),
            workNanos / steps / 1e3,
            watch.waitedNanos / steps / 1e3));
    return details;
  }
}
