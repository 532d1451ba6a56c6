package io.fulgur.trainer;

import io.fulgur.Trainer;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Saves a checkpoint in every hook. */
final class HookCheckpoints implements CheckpointCallback {
  /**
   * A moment of a run.
   *
   * @param losses how many losses there were
   * @param number which of the moments it was
   */
  record Moment(int losses, int number) {}

  /**
   * A checkpoint.
   *
   * @param hook where it was saved
   * @param epoch in which epoch
   * @param from where a run goes on from it
   */
  record Saved(String hook, Path path, int epoch, Moment from) {
    List<String> losses(RunEvents events) {
      if (!isOfEpochEnd()) {
        return events.lossesAfter(from.losses());
      }
      String next = "loss " + (epoch + 1);
      return events.losses.stream().filter(each -> each.compareTo(next) >= 0).toList();
    }

    List<String> logged(RunEvents events) {
      if (!isOfEpochEnd()) {
        return events.loggedAfter(from.number());
      }
      // What the epoch sends to the loggers it has sent for good, or lost.
      return events.logged().stream()
          .filter(
              each ->
                  IntStream.rangeClosed(0, epoch)
                      .noneMatch(e -> each.endsWith(" epoch=" + e + ".0}")))
          .toList();
    }

    private boolean isOfEpochEnd() {
      return hook.startsWith("onTrainEpochEnd");
    }
  }

  private final Path folder;
  private final RunEvents events;
  final List<Saved> saved = new ArrayList<>();
  private @Nullable Trainer trainer;
  private int moments;
  private Moment batchStart = new Moment(0, 0);
  private Moment validationStart = new Moment(0, 0);

  HookCheckpoints(Path folder, RunEvents events) {
    this.folder = folder;
    this.events = events;
  }

  @Override
  public @Nullable Path bestModelPath() {
    return null;
  }

  @Override
  public @Nullable Path lastModelPath() {
    return null;
  }

  private Moment now(Trainer of) {
    of.afterSaveCheckpoint(this);
    return new Moment(events.losses.size(), moments++);
  }

  private void save(String hook, Moment from) {
    Trainer of = trainer;
    if (of == null || of.isSanityChecking()) {
      return;
    }
    Path path = folder.resolve(saved.size() + ".ckpt");
    of.saveCheckpoint(path);
    saved.add(
        new Saved(
            "%s, epoch %d, batch %d".formatted(hook, of.currentEpoch(), of.batchIndex()),
            path,
            of.currentEpoch(),
            from));
  }

  private void save(String hook) {
    Trainer of = trainer;
    if (of != null) {
      save(hook, now(of));
    }
  }

  /** Called by the module within its steps. */
  void inStep(String hook) {
    save(hook, hook.equals("trainingStep") ? batchStart : validationStart);
  }

  @Override
  public void onTrainStart(Trainer now, FulgurModule module) {
    trainer = now;
  }

  @Override
  public void onTrainEpochStart(Trainer now, FulgurModule module) {
    save("onTrainEpochStart");
  }

  @Override
  public void onTrainEpochEnd(Trainer now, FulgurModule module) {
    save("onTrainEpochEnd");
  }

  @Override
  public void onTrainBatchStart(Trainer now, FulgurModule module, Batch batch, int index) {
    batchStart = now(now);
    save("onTrainBatchStart", batchStart);
  }

  @Override
  public void onBeforeZeroGrad(Trainer now, FulgurModule module, Optimizer optimizer) {
    save("onBeforeZeroGrad", batchStart);
  }

  @Override
  public void onBeforeBackward(Trainer now, FulgurModule module, Tensor loss) {
    save("onBeforeBackward", batchStart);
  }

  @Override
  public void onAfterBackward(Trainer now, FulgurModule module) {
    save("onAfterBackward", batchStart);
  }

  @Override
  public void onBeforeOptimizerStep(Trainer now, FulgurModule module, Optimizer optimizer) {
    save("onBeforeOptimizerStep", batchStart);
  }

  @Override
  public void onTrainBatchEnd(
      Trainer now, FulgurModule module, @Nullable StepOutput output, Batch batch, int index) {
    save("onTrainBatchEnd");
  }

  @Override
  public void onValidationStart(Trainer now, FulgurModule module) {
    validationStart = now(now);
    save("onValidationStart", validationStart);
  }

  @Override
  public void onValidationBatchStart(
      Trainer now, FulgurModule module, Batch batch, int index, int loader) {
    save("onValidationBatchStart", validationStart);
  }

  @Override
  public void onValidationBatchEnd(
      Trainer now,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int index,
      int loader) {
    save("onValidationBatchEnd", validationStart);
  }

  @Override
  public void onValidationEpochEnd(Trainer now, FulgurModule module) {
    save("onValidationEpochEnd", validationStart);
  }

  @Override
  public void onValidationEnd(Trainer now, FulgurModule module) {
    save("onValidationEnd");
  }
}
