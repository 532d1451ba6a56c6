package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.averaging.EmaWeightAveraging;
import io.fulgur.callback.averaging.StochasticWeightAveraging;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.spike.SpikeDetection;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.EpochContext;
import io.fulgur.data.IterableDataset;
import io.fulgur.data.Sample;
import io.fulgur.error.FulgurException;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.Scheduled;
import io.fulgur.module.StepClosure;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the whole text of the errors of runs: their data, steps, callbacks and checkpoints. */
class RunErrorTextsTest {
  private static final Pattern LINE = Pattern.compile("\\.java:\\d+");

  private final StringBuilder texts = new StringBuilder();
  @TempDir private Path folder;

  /** Nobody knows how much it holds. */
  private static final class Stream implements IterableDataset {
    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return Collections.emptyIterator();
    }
  }

  private static TrainerBuilder trainer() {
    return TestTrainers.quiet().maxEpochs(1);
  }

  private void add(String name, ThrowingCallable mistake) {
    FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
    assertThat(e).as(name).isNotNull();
    String text = e.getMessage().replace(folder.toString(), "<folder>");
    text = LINE.matcher(text).replaceAll(".java:<line>");
    texts.append("# ").append(name).append('\n').append(text).append('\n');
  }

  private void fits(String name, TrainerBuilder trainer, FulgurModule module) {
    Trainer built = trainer.build();
    add(name, () -> built.fit(module, BoringData.module(4, 2)));
  }

  private void data() {
    add(
        "no loader",
        () -> trainer().build().test(new BoringModule(), DataModule.of(BoringData.loader(1))));
    DataLoader stream = DataLoader.builder(new Stream()).build();
    add(
        "fraction of unknown length",
        () -> trainer().limitTrainBatches(0.5).build().fit(new BoringModule(), stream));
    add(
        "interval of unknown length",
        () ->
            trainer()
                .valCheckInterval(0.5)
                .build()
                .fit(new BoringModule(), DataModule.of(stream, BoringData.loader(1))));
    fits("fraction of nothing", trainer().limitValBatches(0.1), new BoringModule());
    fits("interval above the epoch", trainer().valCheckInterval(5), new BoringModule());
    add("nothing at all", () -> trainer().build().fit(new BoringModule(), stream));
  }

  private void steps() {
    fits(
        "loss that is not finite",
        trainer().detectAnomaly(true),
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            return loss(batch).mul(0).add(Double.NaN);
          }
        });
    fits(
        "loss of many elements",
        trainer(),
        new BoringModule() {
          @Override
          protected Tensor trainingStep(Batch batch, int batchIndex) {
            return forward(batch.get(BoringData.FEATURES));
          }
        });
    fits("closure that is not run", trainer(), new Forgetful());
    add(
        "no prediction",
        () ->
            trainer()
                .build()
                .predict(
                    new BoringModule() {
                      @Override
                      @SuppressWarnings("NullAway") // The mistake.
                      protected Tensor predictStep(Batch batch) {
                        return null;
                      }
                    },
                    BoringData.loader(1)));
    add("by hand without a trainer", () -> new ByHand().backwardByHand());
  }

  /** Steps without gradients. */
  private static final class Forgetful extends BoringModule {
    @Override
    protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
      optimizer.step();
    }
  }

  /** Takes its own steps, though nobody trains it. */
  private static final class ByHand extends BoringModule {
    void backwardByHand() {
      manualBackward(Tensor.scalar(1));
    }
  }

  /** Fails at once. */
  private static final class FailingCallback implements Callback {
    @Override
    public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
      throw new IllegalStateException("on purpose");
    }
  }

  /** Cannot write. */
  private static final class FailingLogger implements Logger {
    @Override
    public void logMetrics(Metrics metrics, long step) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public String version() {
      return "0";
    }
  }

  private void callbacks() {
    fits("callback that fails", trainer().callback(new FailingCallback()), new BoringModule());
    fits(
        "logger that fails",
        TestTrainers.quiet(new FailingLogger()).maxEpochs(1).logEveryNSteps(1),
        new BoringModule());
    fits(
        "metric that nobody logs",
        trainer().callback(EarlyStopping.builder().monitor("val_los").build()),
        new BoringModule());
    fits(
        "schedule of what nobody logs",
        trainer(),
        new BoringModule() {
          @Override
          protected OptimizerPlan plan() {
            SGD optimizer = SGD.of(parameters()).learningRate(0.1);
            return OptimizerPlan.of(optimizer)
                .withScheduler(
                    Scheduled.of(ReduceLROnPlateau.of(optimizer).build()).monitor("loss"));
          }
        });
    fits(
        "spike",
        trainer()
            .callback(
                SpikeDetection.builder()
                    .warmup(1)
                    .atol(10)
                    .withoutRtol()
                    .excludeBatchesPath(folder)
                    .build()),
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            return loss(batch).mul(0).add(batchIndex == 2 ? 100 : 1);
          }
        });
    fits(
        "averages of weights that are restored",
        trainer()
            .maxEpochs(-1)
            .maxSteps(5)
            .callbacks(
                StochasticWeightAveraging.builder().swaLrs(0.1).swaEpochStart(0.5).build(),
                EmaWeightAveraging.builder().build(),
                EarlyStopping.builder().monitor("val_loss").restoreBestWeights(true).build()),
        new BoringModule());
    add(
        "two of one kind",
        () ->
            trainer()
                .enableCheckpointing(true)
                .callbacks(
                    ModelCheckpoint.builder().dirPath(folder.resolve("a")).build(),
                    ModelCheckpoint.builder().dirPath(folder.resolve("b")).build())
                .build());
  }

  private void runs() {
    fits(
        "run within a run",
        trainer()
            .callback(
                new Callback() {
                  @Override
                  public void onTrainStart(Trainer trainer, FulgurModule module) {
                    trainer.validate(module, BoringData.loader(1));
                  }
                }),
        new BoringModule());
    add("saving before a run", () -> trainer().build().saveCheckpoint(Path.of("a.ckpt")));
    Trainer interrupted = trainer().build();
    add(
        "interrupted",
        () -> {
          Thread.currentThread().interrupt();
          try {
            interrupted.fit(new BoringModule(), DataModule.of(BoringData.loader(4)));
          } finally {
            assertThat(Thread.interrupted()).isTrue();
          }
        });
  }

  /** A module of other weights. */
  static final class Deeper extends BoringModule {
    final Linear more = new Linear(2, 2);
  }

  /** Its optimizers are more than those of the checkpoint. */
  static final class Several extends BoringModule {
    final Linear more = new Linear(2, 2);

    @Override
    protected OptimizerPlan plan() {
      return OptimizerPlan.of(
          SGD.of(layer.parameters()).learningRate(0.1),
          SGD.of(more.parameters()).learningRate(0.1));
    }
  }

  private void checkpoints() {
    Path whole = folder.resolve("whole.ckpt");
    Path weights = folder.resolve("weights.ckpt");
    Trainer saving = trainer().maxEpochs(2).build();
    saving.fit(new BoringModule(), DataModule.of(BoringData.loader(4)));
    saving.saveCheckpoint(whole);
    saving.saveCheckpoint(weights, /* weightsOnly= */ true);
    resumes("weights only", weights.toString(), new BoringModule());
    resumes("more epochs than wanted", whole.toString(), new BoringModule());
    resumes("another architecture", whole.toString(), new Deeper(), 3);
    Path deeper = folder.resolve("deeper.ckpt");
    Trainer other = trainer().build();
    other.fit(new Deeper(), DataModule.of(BoringData.loader(4)));
    other.saveCheckpoint(deeper);
    resumes("other optimizers", deeper.toString(), new Several(), 3);
    resumes("best of no callback", "best", new BoringModule());
    resumes("no such file", folder.resolve("lost.ckpt").toString(), new BoringModule());
    add(
        "best before a fit",
        () ->
            trainer()
                .enableCheckpointing(true)
                .callback(ModelCheckpoint.builder().dirPath(folder.resolve("none")).build())
                .build()
                .test(new BoringModule(), BoringData.module(1, 1), "best"));
  }

  private void resumes(String name, String checkpoint, FulgurModule module) {
    resumes(name, checkpoint, module, 1);
  }

  private void resumes(String name, String checkpoint, FulgurModule module, int maxEpochs) {
    Trainer trainer = trainer().maxEpochs(maxEpochs).build();
    add(name, () -> trainer.fit(module, DataModule.of(BoringData.loader(4)), checkpoint));
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() throws IOException {
    data();
    steps();
    callbacks();
    runs();
    checkpoints();
    try (InputStream golden = getClass().getResourceAsStream("run-error-texts.txt")) {
      assertThat(golden).isNotNull();
      assertThat(texts.toString())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
