package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.Fulgur;
import io.fulgur.ResumeOptions;
import io.fulgur.ResumePart;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.RecordingCallback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a checkpoint a fit restores, and which checkpoint. */
class ResumeOptionsTest {
  private static final int SAMPLES = 44;
  private static final int BATCHES = 6;

  /** The batch of the second epoch after which {@link #saved} was saved. */
  private static final int SAVED_BATCHES = 3;

  @TempDir private Path folder;

  private static DataModule data() {
    return DataModule.of(Classifier.shuffled(SAMPLES, 0), Classifier.ordered(16));
  }

  private static TrainerBuilder trainer(int epochs) {
    return TestTrainers.quiet().maxEpochs(epochs);
  }

  /** Counts batches, and saves a checkpoint in the middle of the second epoch. */
  private static final class Counter implements Callback {
    private final Path path;
    private long batches;

    Counter(Path path) {
      this.path = path;
    }

    @Override
    public Order order() {
      return Order.CHECKPOINT;
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer, FulgurModule module, StepOutput output, Batch batch, int batchIndex) {
      batches++;
      if (batches == BATCHES + SAVED_BATCHES) {
        trainer.saveCheckpoint(path);
      }
    }

    @Override
    public State state() {
      return State.builder().put("batches", batches).build();
    }

    @Override
    public void loadState(State state) {
      batches = state.longValue("batches");
    }
  }

  private Path saved() {
    Fulgur.seedEverything(7);
    Path path = folder.resolve("middle.ckpt");
    trainer(2).callback(new Counter(path)).build().fit(new Classifier(), data());
    return path;
  }

  private static Map<String, double[]> trainedFrom(ResumeOptions options) {
    Classifier module = new Classifier();
    trainer(2).build().fit(module, data(), options);
    return Classifier.weights(module);
  }

  @Test
  void fit_weightsOnly_beginsATrainingWithThem() {
    Path path = saved();
    List<String> calls = new ArrayList<>();
    Trainer trainer = trainer(1).callback(RecordingCallback.into(calls)).build();

    trainer.fit(new Classifier(), data(), ResumeOptions.from(path).only(ResumePart.WEIGHTS));

    assertThat(trainer.totalBatches()).isEqualTo(BATCHES);
    assertThat(trainer.globalStep()).isEqualTo(BATCHES);
    assertThat(calls).contains("onSanityCheckStart");
    // The same from a file that holds nothing else.
    Path weights = folder.resolve("weights.ckpt");
    Classifier module = new Classifier();
    Trainer first = trainer(1).limitTrainBatches(0).build();
    first.fit(module, data(), ResumeOptions.from(path).only(ResumePart.WEIGHTS));
    first.saveCheckpoint(weights, /* weightsOnly= */ true);
    Fulgur.seedEverything(3);
    Map<String, double[]> fromAll = trainedFrom(ResumeOptions.from(path).only(ResumePart.WEIGHTS));
    Fulgur.seedEverything(3);
    Map<String, double[]> fromWeights =
        trainedFrom(ResumeOptions.from(weights).only(ResumePart.WEIGHTS));
    fromAll.forEach((name, values) -> assertThat(values).as(name).isEqualTo(fromWeights.get(name)));
  }

  @Test
  void fit_weightsOnlyFile_saysHowToBeginWithIt() {
    Path path = folder.resolve("weights.ckpt");
    Trainer first = trainer(1).build();
    first.fit(new Classifier(), data());
    first.saveCheckpoint(path, /* weightsOnly= */ true);

    assertThatThrownBy(() -> trainer(2).build().fit(new Classifier(), data(), path))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            ("[CheckpointMismatch] Checkpoint %s (epoch 1, step 6) holds weights only, so a fit"
                    + " cannot go on from it. To begin another training with its weights, pass"
                    + " ResumeOptions.from(path).only(ResumePart.WEIGHTS).")
                .formatted(path));
  }

  @Test
  void fit_withoutProgress_beginsAtTheFirstEpoch() {
    Path path = saved();
    Counter counter = new Counter(folder.resolve("other.ckpt"));
    Trainer trainer = trainer(2).callback(counter).build();

    trainer.fit(new Classifier(), data(), ResumeOptions.from(path).without(ResumePart.PROGRESS));

    assertThat(trainer.totalBatches()).isEqualTo(2 * BATCHES);
    assertThat(trainer.optimizers().get(0).stateDict(trainer.module().namedParameters()).steps())
        .containsValue(3L * BATCHES + SAVED_BATCHES);
    assertThat(counter.batches).isEqualTo(3L * BATCHES + SAVED_BATCHES);
  }

  @Test
  void fit_withoutCallbacks_leavesThemAsTheyAre() {
    Path path = saved();
    Counter counter = new Counter(folder.resolve("other.ckpt"));

    trainer(2)
        .callback(counter)
        .build()
        .fit(new Classifier(), data(), ResumeOptions.from(path).without(ResumePart.CALLBACKS));

    assertThat(counter.batches).isEqualTo(BATCHES - SAVED_BATCHES);
  }

  @Test
  void fit_withoutRandomNumbers_drawsOthers() {
    Path path = saved();
    Fulgur.seedEverything(1);
    Map<String, double[]> all = trainedFrom(ResumeOptions.from(path));
    Fulgur.seedEverything(2);
    Map<String, double[]> again = trainedFrom(ResumeOptions.from(path));
    Fulgur.seedEverything(2);
    Map<String, double[]> others = trainedFrom(ResumeOptions.from(path).without(ResumePart.RNG));

    assertThat(again.get("net.0.weight")).isEqualTo(all.get("net.0.weight"));
    assertThat(others.get("net.0.weight")).isNotEqualTo(all.get("net.0.weight"));
  }

  @Test
  void fit_withoutData_readsTheRestOfTheEpochFromTheFirstBatch() {
    Path path = saved();
    List<double[]> seen = new ArrayList<>();
    class Watching extends Classifier {
      @Override
      Tensor trainingStep(Batch batch) {
        seen.add(batch.get("image").toDoubleArray());
        return super.trainingStep(batch);
      }
    }
    trainer(2)
        .build()
        .fit(
            new Watching(),
            DataModule.of(Classifier.ordered(SAMPLES)),
            ResumeOptions.from(path).without(ResumePart.DATA));

    assertThat(seen).hasSize(BATCHES - SAVED_BATCHES);
    double[] first =
        Classifier.ordered(SAMPLES).iterator().next().toBatch().get("image").toDoubleArray();
    assertThat(seen.get(0)).isEqualTo(first);
  }

  /** Is trained by another optimizer, without a schedule. */
  private static final class Changed extends Classifier {
    @Override
    OptimizerPlan configureOptimizers() {
      return OptimizerPlan.of(SGD.of(parameters()).learningRate(0.1));
    }
  }

  @Test
  void fit_anotherOptimizer_needsThemLeftOut() {
    Path path = saved();

    assertThatThrownBy(() -> trainer(2).build().fit(new Changed(), data(), path))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll("the optimizers could not be restored", "the state of AdamW");

    Trainer trainer = trainer(2).build();
    trainer.fit(
        new Changed(),
        data(),
        ResumeOptions.from(path).without(ResumePart.OPTIMIZERS, ResumePart.SCHEDULERS));
    assertThat(trainer.globalStep()).isEqualTo(2 * BATCHES);
    assertThat(trainer.optimizers().get(0).groups().get(0).learningRate()).isEqualTo(0.1);
  }

  /** Has a layer more, and so lacks nothing but has something that no checkpoint of old has. */
  private static final class Larger extends Classifier {
    final Linear more = new Linear(CLASSES, CLASSES);

    @Override
    public Tensor forward(Tensor input) {
      return more.call(super.forward(input));
    }
  }

  @Test
  void fit_notStrict_restoresTheWeightsThatBothHave() {
    Path path = saved();
    ResumeOptions weights = ResumeOptions.from(path).only(ResumePart.WEIGHTS);
    Larger module = new Larger();
    double[] more = module.more.stateDict().get("weight").toDoubleArray();

    assertThatThrownBy(() -> trainer(1).build().fit(new Larger(), data(), weights))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("more.weight");
    trainer(1).limitTrainBatches(0).build().fit(module, data(), weights.strictLoading(false));

    Classifier expected = new Classifier();
    trainer(1).limitTrainBatches(0).build().fit(expected, data(), weights);
    assertThat(Classifier.weights(module).get("net.0.weight"))
        .isEqualTo(Classifier.weights(expected).get("net.0.weight"));
    assertThat(module.more.stateDict().get("weight").toDoubleArray()).isEqualTo(more);
  }

  @Test
  void only_nothing_isAnError() {
    FulgurException error =
        catchThrowableOfType(FulgurException.class, () -> ResumeOptions.from("a.ckpt").only());

    assertThat(error.id()).isEqualTo(ErrorId.INVALID_ARGUMENT);
    assertThat(error)
        .hasMessage(
            "[InvalidArgument] ResumeOptions restore nothing of \"a.ckpt\". Leave them out to start"
                + " afresh, or restore one of [WEIGHTS, OPTIMIZERS, SCHEDULERS, PROGRESS, RNG, DATA,"
                + " CALLBACKS, PRECISION].");
    assertThat(ResumeOptions.last().only(ResumePart.RNG, ResumePart.DATA).parts())
        .isEqualTo(ResumeOptions.last().only(ResumePart.DATA, ResumePart.RNG).parts());
  }

  // ---------------------------------------------------------------- which checkpoint

  private ModelCheckpoint lasts(String name, int every) {
    return ModelCheckpoint.builder()
        .dirPath(folder.resolve(name))
        .everyNEpochs(every)
        .saveLast(true)
        .build();
  }

  private Trainer checkpointing(int epochs) {
    return trainer(epochs)
        .enableCheckpointing(true)
        .callbacks(lasts("a", 1), lasts("b", 2))
        .build();
  }

  @Test
  void fit_fromLast_takesTheNewestFileOfAllCheckpointCallbacks() throws IOException {
    checkpointing(1).fit(new Classifier(), data());
    Files.copy(folder.resolve("a/last.ckpt"), folder.resolve("first.ckpt"));
    checkpointing(2).fit(new Classifier(), data());
    // Those of the second run are versions beside the first one's.
    Files.copy(folder.resolve("first.ckpt"), folder.resolve("b/last-v7.ckpt"));
    Files.setLastModifiedTime(
        folder.resolve("b/last-v7.ckpt"), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    Files.writeString(folder.resolve("a/last"), "no checkpoint");

    Trainer trainer = checkpointing(2);
    trainer.fit(new Classifier(), data(), "last");
    assertThat(trainer.totalBatches()).isEqualTo(2 * BATCHES);
    assertThat(trainer.globalStep()).isEqualTo(2 * BATCHES);
    Files.setLastModifiedTime(folder.resolve("b/last-v7.ckpt"), FileTime.fromMillis(1_000_000));
    assertThatThrownBy(() -> checkpointing(1).fit(new Classifier(), data(), "last"))
        .hasMessageContaining("has been trained for 2 epochs, but maxEpochs is 1");
  }

  @Test
  void fit_fromLast_whereThereIsNone_begins() {
    Trainer none = checkpointing(1);
    none.fit(new Classifier(), data(), ResumeOptions.last());
    assertThat(none.globalStep()).isEqualTo(BATCHES);

    Trainer withoutCallback = trainer(1).build();
    withoutCallback.fit(new Classifier(), data(), ResumeOptions.last());
    assertThat(withoutCallback.globalStep()).isEqualTo(BATCHES);
  }

  @Test
  void fit_fromBest_afterAFastDevRun_isAnError() {
    Trainer trainer =
        TestTrainers.quiet()
            .enableCheckpointing(true)
            .fastDevRun(1)
            .callback(lasts("a", 1))
            .build();
    trainer.fit(new Classifier(), data());

    assertThatThrownBy(() -> trainer.fit(new Classifier(), data(), ResumeOptions.best()))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[NoCheckpoint] ckptPath is \"best\", but ModelCheckpoint has saved no such checkpoint,"
                + " as fastDevRun saves none. Run fit first, or give a path.");
  }

  private Trainer logging(int epochs) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .defaultRootDir(folder)
        .logEveryNSteps(1)
        .enableModelSummary(false)
        .enableProgressBar(false)
        .callback(ModelCheckpoint.builder().saveLast(true).build())
        .build();
  }

  private Map<String, byte[]> files(Path of) throws IOException {
    Map<String, byte[]> contents = new HashMap<>();
    try (Stream<Path> all = Files.walk(of)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        contents.put(of.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  @Test
  void fit_fromLast_hasARunFolderOfItsOwnAndLeavesThatOfTheFirstAsItIs() throws IOException {
    logging(1).fit(new Classifier(), data());
    Path first = folder.resolve("fulgur_logs/version_0");
    Map<String, byte[]> before = files(first);

    Trainer resumed = logging(2);
    resumed.fit(new Classifier(), data(), "last");

    assertThat(resumed.globalStep()).isEqualTo(2 * BATCHES);
    assertThat(resumed.logDir()).isEqualTo(folder.resolve("fulgur_logs/version_1"));
    assertThat(before).containsKeys("checkpoints/last.ckpt", "metrics.csv");
    Map<String, byte[]> after = files(first);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach(
        (name, bytes) -> assertThat(Arrays.equals(after.get(name), bytes)).as(name).isTrue());
    assertThat(files(resumed.logDir())).containsKeys("checkpoints/last.ckpt", "metrics.csv");
  }
}
