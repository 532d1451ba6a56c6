package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.checkpoint.ModelCheckpointBuilder;
import io.fulgur.callback.checkpoint.SaveLast;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.CheckpointMetadata;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.checkpoint.State;
import io.fulgur.log.CsvLogger;
import io.fulgur.log.RunFolder;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.module.Scheduled;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.ReduceLROnPlateau;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a checkpoint holds of the moment it was saved at, where it goes, and who reads it. */
class CheckpointContentsTest {
  @TempDir private Path dir;

  private static TrainerBuilder trainer(int epochs) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false);
  }

  private ModelCheckpoint keepingAll() {
    return ModelCheckpoint.builder().dirPath(dir).fileName("{epoch}").saveTopK(-1).build();
  }

  private Checkpoint load(String name) {
    return new SafeTensorsCheckpointIO().load(dir.resolve(name));
  }

  @Test
  void fit_savedAtTheEndOfAnEpoch_holdsTheSchedulerAsItStepped() {
    trainer(3).callback(keepingAll()).build().fit(new BoringModule(), BoringData.module(3, 1));

    for (int epoch = 0; epoch < 3; epoch++) {
      try (Checkpoint checkpoint = load("epoch=" + epoch + ".ckpt")) {
        State scheduler = checkpoint.state(CheckpointKeys.LR_SCHEDULERS).child("0");
        assertThat(scheduler.doubleValue("steps")).isEqualTo(epoch + 1);
      }
    }
  }

  /** Has schedules of steps and of epochs that follow its validation, and such that do not. */
  private static final class Scheduling extends BoringModule {
    @Override
    protected OptimizerPlan plan() {
      SGD optimizer = SGD.of(parameters()).learningRate(0.1);
      Scheduled plateau = Scheduled.of(ReduceLROnPlateau.of(optimizer).build()).monitor("val_loss");
      return OptimizerPlan.of(optimizer)
          .withScheduler(plateau.interval(ScheduleInterval.STEP))
          .withScheduler(Scheduled.of(ReduceLROnPlateau.of(optimizer).build()).monitor("val_loss"))
          .withScheduler(new StepLR(optimizer, 1, 0.9), ScheduleInterval.STEP, 1)
          .withScheduler(new StepLR(optimizer, 1, 0.9));
    }
  }

  /** After the fourth validation, those of steps that follow it are yet to look at it. */
  @ParameterizedTest
  @CsvSource({"false, 3, 0, 4, 1", "true, 4, 1, 4, 1"})
  void fit_savedAtTheEndOf_holdsTheSchedulesThatHaveStepped(
      boolean trainEpoch, int plateau, int plateauOfEpochs, int steps, int epochs) {
    ModelCheckpoint saving =
        ModelCheckpoint.builder()
            .dirPath(dir)
            .fileName("{step}")
            .saveTopK(-1)
            .saveOnTrainEpochEnd(trainEpoch)
            .build();
    trainer(1)
        .valCheckInterval(1)
        .callback(saving)
        .build()
        .fit(new Scheduling(), BoringData.module(4, 1));

    try (Checkpoint checkpoint = load("step=4.ckpt")) {
      State schedulers = checkpoint.state(CheckpointKeys.LR_SCHEDULERS);
      assertThat(List.of("0", "1", "2", "3"))
          .extracting(index -> schedulers.child(index).doubleValue("steps"))
          .containsExactly(
              (double) plateau, (double) plateauOfEpochs, (double) steps, (double) epochs);
    }
  }

  /** Counts in hooks that end something, and logs there where that is allowed. */
  @SuppressWarnings("UnusedMethod") // The trainer calls them.
  private static final class Counting extends BoringModule {
    private final Buffer ends = Buffer.of(Tensor.zeros(3));

    private void count(int which) {
      Tensor one = ends.slice(0, which, which + 1L);
      one.assign(one.add(1));
    }

    @On(Hook.TRAIN_BATCH_END)
    void afterBatch(int batchIndex) {
      count(0);
      log("of_batch", 10 + batchIndex);
    }

    @On(Hook.VALIDATION_END)
    void afterValidation() {
      count(1);
    }

    @On(Hook.TRAIN_EPOCH_END)
    void afterEpoch() {
      count(2);
      log("of_epoch", currentEpoch());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BATCH, of_batch=11, 2, 1, 0",
    "VALIDATION, epoch=0, 3, 2, 0",
    "EPOCH, of_epoch=1, 6, 3, 2"
  })
  void fit_savedInAHook_holdsWhatTheModuleLoggedAndChangedThere(
      String when, String file, float batches, float validations, float epochs) {
    ModelCheckpointBuilder saving = ModelCheckpoint.builder().dirPath(dir).saveTopK(-1);
    switch (when) {
      case "BATCH" -> saving.monitor("of_batch").fileName("{of_batch}").everyNTrainSteps(2);
      case "VALIDATION" -> saving.fileName("{epoch}").saveOnTrainEpochEnd(false);
      default -> saving.monitor("of_epoch").fileName("{of_epoch}");
    }
    trainer(2).callback(saving.build()).build().fit(new Counting(), BoringData.module(3, 1));

    try (Checkpoint checkpoint = load(file + ".ckpt")) {
      assertThat(checkpoint.weights().get("ends").toFloatArray())
          .containsExactly(batches, validations, epochs);
    }
  }

  @Test
  void fit_last_holdsTheCountersOfAnEpochThatIsNotOverYet() {
    trainer(3).callback(keepingAll()).build().fit(new BoringModule(), BoringData.module(3, 1));

    try (Checkpoint checkpoint = load("epoch=2.ckpt")) {
      State loops = checkpoint.state(CheckpointKeys.LOOPS);
      assertThat(loops.longValue("epoch")).isEqualTo(3);
      assertThat(loops.stringValue("place")).isEqualTo("EPOCH_START");
      assertThat(loops.longValue("total_batches")).isEqualTo(9);
      assertThat(checkpoint.epoch()).isEqualTo(2);
      assertThat(checkpoint.globalStep()).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @CsvSource({"'', version_0", "1, version_1", "awesome, awesome"})
  void fit_loggerWithAVersion_checkpointsGoToItsFolder(String version, String expected) {
    RunFolder folder = RunFolder.under(dir);
    if (version.equals("1")) {
      folder = folder.version(1);
    } else if (!version.isEmpty()) {
      folder = folder.version(version);
    }
    trainer(1)
        .enableLogging(true)
        .logger(new CsvLogger(folder))
        .build()
        .fit(new BoringModule(), BoringData.module(5, 1));

    assertThat(dir.resolve("fulgur_logs").resolve(expected).resolve("checkpoints"))
        .isDirectoryContaining("glob:**epoch=0-step=5.ckpt");
  }

  /** Files, of which each use is recorded. */
  private static final class RecordingIO implements CheckpointIO {
    private final CheckpointIO files = new SafeTensorsCheckpointIO();
    private final List<String> calls = new ArrayList<>();

    @Override
    public void save(Checkpoint checkpoint, Path path) {
      calls.add("save " + path.getFileName());
      files.save(checkpoint, path);
    }

    @Override
    public Checkpoint load(Path path) {
      calls.add("load " + path.getFileName());
      return files.load(path);
    }

    @Override
    public CheckpointMetadata loadMetadata(Path path) {
      return files.loadMetadata(path);
    }

    @Override
    public void remove(Path path) {
      calls.add("remove " + path.getFileName());
      files.remove(path);
    }

    @Override
    public void flush() {
      calls.add("flush");
    }
  }

  @Test
  void checkpointIO_ofTheTrainer_doesEverything() {
    RecordingIO io = new RecordingIO();
    ModelCheckpoint checkpoint =
        ModelCheckpoint.builder().dirPath(dir).fileName("{epoch}").saveLast(true).build();
    Trainer trainer = trainer(2).callback(checkpoint).checkpointIO(io).build();
    trainer.fit(new BoringModule(), BoringData.module(3, 1));

    // A copy is made by loading and saving where an IO knows no better.
    assertThat(io.calls)
        .containsExactly(
            "save epoch=0.ckpt",
            "load epoch=0.ckpt",
            "save last.ckpt",
            "save epoch=1.ckpt",
            "load epoch=1.ckpt",
            "save last.ckpt",
            "remove epoch=0.ckpt",
            "flush");
    io.calls.clear();
    trainer.validate(new BoringModule(), BoringData.module(3, 1), "best");
    assertThat(io.calls).containsExactly("load epoch=1.ckpt", "flush");
  }

  @Test
  void loadFromCheckpoint_withAnIO_readsByIt() {
    RecordingIO io = new RecordingIO();
    trainer(1).callback(keepingAll()).build().fit(new BoringModule(), BoringData.module(3, 1));
    Path file = dir.resolve("epoch=0.ckpt");
    BoringModule loaded = FulgurModule.loadFromCheckpoint(BoringModule.class, file, Map.of(), io);

    assertThat(io.calls).containsExactly("load epoch=0.ckpt");
    BoringModule plain = FulgurModule.loadFromCheckpoint(BoringModule.class, file);
    assertThat(loaded.parameters().get(0).toFloatArray())
        .isEqualTo(plain.parameters().get(0).toFloatArray());
  }

  @ParameterizedTest
  @CsvSource({"FILE", "LINK"})
  void asyncCheckpoints_anyFit_leavesTheFilesOfAnOrdinaryOne(SaveLast last) throws IOException {
    for (boolean async : new boolean[] {false, true}) {
      trainer(3)
          .asyncCheckpoints(async)
          .callback(
              ModelCheckpoint.builder()
                  .dirPath(dir.resolve(String.valueOf(async)))
                  .monitor("val_loss")
                  .fileName("{epoch}")
                  .saveTopK(2)
                  .saveLast(last)
                  .build())
          .build()
          .fit(seeded(), BoringData.module(5, 1));
    }
    List<String> names = names(dir.resolve("false"));

    assertThat(names).hasSize(3);
    assertThat(names(dir.resolve("true"))).isEqualTo(names);
    for (String name : names) {
      try (Checkpoint plain = load("false/" + name);
          Checkpoint async = load("true/" + name)) {
        assertThat(async.globalStep()).isEqualTo(plain.globalStep());
        plain
            .weights()
            .forEach(
                (key, tensor) ->
                    assertThat(Objects.requireNonNull(async.weights().get(key)).toFloatArray())
                        .isEqualTo(tensor.toFloatArray()));
      }
    }
  }

  private static BoringModule seeded() {
    Fulgur.seedEverything(1);
    return new BoringModule();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
