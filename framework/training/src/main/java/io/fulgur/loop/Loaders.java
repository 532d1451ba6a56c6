package io.fulgur.loop;

import io.fulgur.BatchLimit;
import io.fulgur.checkpoint.State;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dataloaders of a run, and how many batches of each are used. */
final class Loaders {
  /** Where a loader cannot tell how many batches it has. */
  static final int UNKNOWN = Integer.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(Loaders.class);

  private @Nullable DataLoader train;
  private @Nullable BatchIterator reading;
  private int readingEpoch;
  private long readFrom;
  private List<DataLoader> evaluation = List.of();

  boolean hasTrain() {
    return train != null;
  }

  DataLoader train() {
    DataLoader loader = train;
    if (loader == null) {
      throw new IllegalStateException("There is no training loader");
    }
    return loader;
  }

  /** Sets the training loader and returns how many batches of it are used. */
  int train(DataLoader loader, BatchLimit limit, boolean sequential) {
    train = sequential ? inOrder(loader, "training") : loader;
    reading = null;
    return limited(train, limit, "limitTrainBatches", "training");
  }

  /**
   * Tells that training reads from here now.
   *
   * @param batches how many batches of the epoch have been trained on
   */
  void beginTraining(BatchIterator iterator, int epoch, int batches) {
    reading = iterator;
    readingEpoch = epoch;
    readFrom = batches;
  }

  /**
   * Returns the state of the training loader where training stands, not where the loader does: a
   * batch that was served but failed is to be served again, and validation may read from the same
   * loader.
   *
   * @param batches how many batches of the epoch have been trained on
   */
  State trainState(int epoch, int batches) {
    BatchIterator iterator = reading;
    if (iterator == null) {
      return train().state();
    }
    if (epoch > readingEpoch) {
      return iterator.stateOfNextEpoch();
    }
    boolean trained = batches - readFrom >= iterator.times().batches();
    return trained ? iterator.state() : iterator.stateBefore();
  }

  List<DataLoader> evaluation() {
    return evaluation;
  }

  /** Sets the loaders to evaluate and returns how many batches of each are used. */
  int[] evaluation(
      List<DataLoader> loaders, BatchLimit limit, String option, String what, boolean sequential) {
    evaluation = sequential ? loaders.stream().map(each -> inOrder(each, what)).toList() : loaders;
    int[] batches = new int[evaluation.size()];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = limited(evaluation.get(i), limit, option, what);
    }
    return batches;
  }

  /**
   * Lets every loader draw its seed now: where a loader has none, it takes one from the generator
   * when it is first used, which would make what comes after depend on when that is.
   */
  void drawSeeds() {
    if (train != null) {
      train.seed();
    }
    evaluation.forEach(DataLoader::seed);
  }

  private static DataLoader inOrder(DataLoader loader, String what) {
    if (!loader.isSequential()) {
      LOG.warn("overfitBatches is set, so the {} data is read in order instead of shuffled", what);
    }
    return loader.sequential();
  }

  private static int limited(DataLoader loader, BatchLimit limit, String option, String what) {
    OptionalLong length = loader.length();
    if (length.isEmpty()) {
      if (limit.isCount()) {
        return limit.count();
      }
      if (limit.fraction() != 1) {
        throw new FulgurException(
            ErrorId.INVALID_OPTIONS,
            "%s is %s, but the %s %s does not know how many batches it has. Give a number of batches, or 1.0 for all."
                .formatted(option, limit, what, loader));
      }
      return UNKNOWN;
    }
    int all = (int) Math.min(length.getAsLong(), UNKNOWN - 1);
    if (limit.isCount()) {
      return Math.min(all, limit.count());
    }
    int used = (int) (all * limit.fraction());
    if (used == 0 && limit.fraction() > 0) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "%s is the fraction %s, which leaves none of the %d batches of the %s %s. Use at least %s, or a number of batches."
              .formatted(option, limit.fraction(), all, what, loader, 1.0 / all));
    }
    return used;
  }

  /** Runs something and puts this thread's random numbers back to where they were. */
  static void withIsolatedRandom(Runnable action) {
    Generator generator = Generator.defaultGenerator();
    long seed = generator.seed();
    long offset = generator.offset();
    try {
      action.run();
    } finally {
      generator.restore(seed, offset);
    }
  }
}
