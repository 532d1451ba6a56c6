package io.fulgur.tune;

import io.fulgur.Trainer;
import io.fulgur.checkpoint.State;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.StepScope;
import io.fulgur.tune.BatchSizeSearch.Attempt;
import io.fulgur.tune.BatchSizeTrial.Outcome;
import java.util.List;

/**
 * Looks for the largest batch size for which the memory suffices, before a fit: trains and
 * validates on a few batches of growing size, and puts everything back.
 *
 * <pre>{@code
 * Trainer.builder().callback(BatchSizeFinder.builder().mode(BatchSizeMode.BINSEARCH).build())
 * }</pre>
 *
 * <p>The data module, or else the module, keeps the batch size in a field that is not final, {@code
 * batchSize} unless {@linkplain BatchSizeFinderBuilder#batchArgName named}, or has a method to set
 * it, and makes its loaders from that when they are asked for. A data module {@linkplain
 * DataModule#builder() built} from data sets does; one of loaders cannot. The hyperparameters that
 * checkpoints get show the new value. When there are no more samples than in a batch, that is the
 * largest.
 *
 * <p>A lack of memory is an {@link OutOfMemoryError}, of the heap or from JavaCPP's limits on
 * native memory, or what native code says of it; the step's memory is given back then. Every other
 * failure comes out as it is, the batch size being what it was. With {@code fastDevRun} there is no
 * search, nor where a fit goes on from a checkpoint, which has what was found. Follows {@code
 * lightning.pytorch.callbacks.BatchSizeFinder}.
 *
 * @since 0.1
 */
public final class BatchSizeFinder extends HyperparameterFinder<BatchSizeResult> {
  private static final String NAME = "BatchSizeFinder";
  private static final String STATE = "batch_size";

  private final BatchSizeFinderBuilder options;

  BatchSizeFinder(BatchSizeFinderBuilder options) {
    this.options = options;
  }

  /** Returns a builder with the usual options. */
  public static BatchSizeFinderBuilder builder() {
    return new BatchSizeFinderBuilder();
  }

  @Override
  void search(Trainer trainer, FulgurModule module, DataModule data) {
    Attribute attribute = attribute(module, data);
    double before = attribute.get();
    Trial trial = new Trial(trainer, module, data);
    BatchSizeResult result;
    try {
      result = new BatchSizeSearch(options, size -> attempt(trial, attribute, size)).run();
    } catch (RuntimeException | Error e) {
      attribute.set(before);
      throw e;
    }
    measured(result);
    set(attribute, result.batchSize());
    log.info("{} set to {} (it was {})", attribute, result.batchSize(), (int) before);
  }

  @Override
  Attribute attribute(FulgurModule module, DataModule data) {
    return Attribute.find(NAME, List.of(data.unwrapped(), module), List.of(options.batchArgName()));
  }

  @Override
  public State state() {
    Double found = found();
    return found == null ? State.empty() : State.builder().put(STATE, found.longValue()).build();
  }

  @Override
  public void loadState(State state) {
    restore(state.intValue(STATE));
  }

  private Attempt attempt(Trial trial, Attribute attribute, int size) {
    attribute.set(size);
    LargestBatch largest = new LargestBatch();
    try {
      trial.batches(options.stepsPerTrial(), largest);
    } catch (RuntimeException | OutOfMemoryError e) {
      if (e instanceof FulgurException own && own.id() == ErrorId.NO_BATCHES) {
        // Of samples fewer than a batch, a loader that drops incomplete ones makes none.
        return new Attempt(Outcome.ALL_SAMPLES, largest.samples());
      }
      if (!OutOfMemory.caused(e)) {
        throw e;
      }
      log.info("A batch of {} samples is too large for the memory", size);
      return new Attempt(Outcome.OUT_OF_MEMORY, largest.samples());
    } finally {
      releaseMemory();
    }
    log.info("A batch of {} samples fits", size);
    int samples = largest.samples();
    if (samples > size) {
      throw new FulgurException(
          ErrorId.TUNING_FAILED,
          "%s set %s to %d, but a batch has %d samples. Make the loaders from the field when they are asked for, in trainLoader(), not before."
              .formatted(NAME, attribute, size, samples));
    }
    return new Attempt(samples < size ? Outcome.ALL_SAMPLES : Outcome.FITS, samples);
  }

  /** Gives back what the pool of this thread keeps, so that the next size finds all of it. */
  private static void releaseMemory() {
    StepScope.clearThread();
    System.gc();
  }
}
