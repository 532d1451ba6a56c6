package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Trainers of one JVM do not disturb each other. */
class TwoTrainersTest {
  private static final int SAMPLES = 40;

  private static Map<String, double[]> trained(long seed, Callback... callbacks) {
    Fulgur.seedEverything(seed);
    Classifier module = new Classifier();
    TestTrainers.quiet()
        .maxEpochs(3)
        .callbacks(callbacks)
        .build()
        .fit(module, Classifier.shuffled(SAMPLES, 1), Classifier.ordered(8));
    return Classifier.weights(module);
  }

  private static void assertSame(Map<String, double[]> actual, Map<String, double[]> expected) {
    actual.forEach(
        (name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
  }

  @Test
  void fit_oneAfterAnother_givesWhatEachGivesAlone() {
    Map<String, double[]> first = trained(1);
    Map<String, double[]> second = trained(2);
    StepScope.clearThread();

    assertSame(trained(2), second);
    assertSame(trained(1), first);
  }

  /** Keeps the two in step, so that they do run at the same time. */
  private static Callback meeting(CyclicBarrier barrier) {
    return new Callback() {
      @Override
      public void onTrainBatchEnd(
          Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
        try {
          barrier.await();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static Map<String, double[]> trainedAndCleared(long seed, Callback callback) {
    Map<String, double[]> weights = trained(seed, callback);
    StepScope.clearThread();
    return weights;
  }

  @Test
  void fit_onTwoThreads_givesWhatEachGivesAlone() throws Exception {
    Map<String, double[]> first = trained(1);
    Map<String, double[]> second = trained(2);
    CyclicBarrier barrier = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Map<String, double[]>>> both =
          List.of(
              threads.submit(() -> trainedAndCleared(1, meeting(barrier))),
              threads.submit(() -> trainedAndCleared(2, meeting(barrier))));

      assertSame(both.get(0).get(), first);
      assertSame(both.get(1).get(), second);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void fit_withinAStepOfAnother_givesWhatEachGivesAlone() {
    Map<String, double[]> first = trained(1);
    Map<String, double[]> second = trained(2);
    Callback nested =
        new Callback() {
          @Override
          public void onTrainBatchEnd(
              Trainer trainer,
              FulgurModule module,
              StepOutput output,
              Batch batch,
              int batchIndex) {
            Generator random = Generator.defaultGenerator();
            long seed = random.seed();
            long offset = random.offset();
            if (batchIndex == 2) {
              assertSame(trained(2), second);
            }
            random.restore(seed, offset);
          }
        };

    assertSame(trained(1, nested), first);
  }
}
