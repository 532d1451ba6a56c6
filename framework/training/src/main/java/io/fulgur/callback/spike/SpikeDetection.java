package io.fulgur.callback.spike;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends training with a {@link TrainingSpikeException} when the loss jumps, and writes down the
 * batch and the one before it, whose step may have caused it.
 *
 * <pre>{@code
 * SpikeDetection.builder().window(20).rtol(3).build()
 * }</pre>
 *
 * <p>A loss is a spike if it is worse than the one before and {@code |loss - mean| >= atol} and
 * {@code |loss - mean| >= rtol · |mean|}, for those of the two that are set, where the mean is of
 * the last {@code window} losses; or if it is NaN or infinite. The first {@code warmup} batches of
 * the training are no spikes. The loss is read from the device at every batch.
 *
 * <p>The batches go to {@code skip_batches.json}. To train without them, run again from a
 * checkpoint of before the spike with {@link SpikeDetectionBuilder#skipExcludedBatches}: the data
 * comes in the same order, because it follows from the seed and the epoch, and these batches are
 * left out.
 *
 * <p>A loss is looked at in {@code onTrainBatchEnd}, as in Lightning: the optimizers have stepped
 * with that batch, unless gradients are still being accumulated. Checkpoint callbacks come after
 * this one at that hook, so none of them saves a batch whose loss is a spike; but what they save
 * because of the exception ({@code saveOnException}, or {@code saveLast} with its {@code
 * last.ckpt}) has taken the step already, so begin before that. A batch that is left out counts as
 * a batch, of the epoch and of the training, in checkpoints too, and as no step; its loss is never
 * computed. Where several training steps have an optimizer each, there is no one loss, and nothing
 * is looked at.
 *
 * <p>Follows {@code lightning.pytorch.callbacks.SpikeDetection}. Other than there, batches are
 * counted over all epochs rather than anew in each, the file names the epoch of each batch, the
 * state is restored from checkpoints, and a loss that is not finite is a spike if {@code
 * finiteOnly} is true, as Lightning does but says the other way round.
 *
 * @since 0.1
 */
public final class SpikeDetection implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(SpikeDetection.class);
  private static final String SEEN = "seen";
  private static final String RECENT = "recent";
  private static final String EPOCHS = "bad_epochs";
  private static final String BATCHES = "bad_batches";
  private static final String PREVIOUS = "previous";
  private static final String FILE = "skip_batches.json";

  private final SpikeRule rule;
  private final @Nullable Path path;
  private final boolean skipExcluded;
  private final Set<TrainingBatch> bad = new LinkedHashSet<>();
  private Set<TrainingBatch> excluded = Set.of();
  private @Nullable TrainingBatch previous;

  SpikeDetection(SpikeRule.Limits limits, @Nullable Path path, boolean skipExcluded) {
    this.rule = new SpikeRule(limits);
    this.path = path;
    this.skipExcluded = skipExcluded;
  }

  /** Returns a builder. */
  public static SpikeDetectionBuilder builder() {
    return new SpikeDetectionBuilder();
  }

  private Path file(Trainer trainer) {
    Path given = path == null ? trainer.options().defaultRootDir() : path;
    return given.toString().endsWith(".json") ? given : given.resolve(FILE);
  }

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (kind == RunKind.FIT && skipExcluded) {
      excluded = ExcludedBatches.read(file(trainer));
      bad.addAll(excluded);
      LOG.info("{} batches are left out, which {} lists", excluded.size(), file(trainer));
    }
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    if (!excluded.isEmpty()
        && excluded.contains(new TrainingBatch(trainer.currentEpoch(), batchIndex))) {
      trainer.skipBatch();
    }
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    Tensor loss = output == null ? null : output.loss();
    if (loss == null) {
      return;
    }
    TrainingBatch current = new TrainingBatch(trainer.currentEpoch(), batchIndex);
    double value = loss.item();
    double mean = rule.mean();
    if (rule.check(value)) {
      throw spike(trainer, current, value, mean);
    }
    previous = current;
  }

  private TrainingSpikeException spike(
      Trainer trainer, TrainingBatch current, double loss, double mean) {
    if (previous != null) {
      bad.add(previous);
    }
    bad.add(current);
    Path file = file(trainer);
    ExcludedBatches.write(file, bad);
    return new TrainingSpikeException(
        "The loss jumped to %s at epoch %d, batch %d; the mean of those before is %s. Go on from a checkpoint of before with skipExcludedBatches(true) to leave out this batch and the one before, which are in %s."
            .formatted(loss, current.epoch(), current.batch(), mean, file),
        current.epoch(),
        current.batch());
  }

  @Override
  public State state() {
    State.Builder state =
        State.builder()
            .put(SEEN, rule.seen())
            .put(RECENT, rule.recent())
            .put(EPOCHS, bad.stream().mapToLong(TrainingBatch::epoch).toArray())
            .put(BATCHES, bad.stream().mapToLong(TrainingBatch::batch).toArray());
    TrainingBatch last = previous;
    if (last != null) {
      state.put(PREVIOUS, (long) last.epoch(), (long) last.batch());
    }
    return state.build();
  }

  @Override
  public void loadState(State state) {
    rule.restore(state.longValue(SEEN), state.doubles(RECENT));
    long[] epochs = state.longs(EPOCHS);
    long[] batches = state.longs(BATCHES);
    for (int i = 0; i < epochs.length; i++) {
      bad.add(new TrainingBatch((int) epochs[i], (int) batches[i]));
    }
    if (state.has(PREVIOUS)) {
      long[] last = state.longs(PREVIOUS);
      previous = new TrainingBatch((int) last[0], (int) last[1]);
    }
  }
}
