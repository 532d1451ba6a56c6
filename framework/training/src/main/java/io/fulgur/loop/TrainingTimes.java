package io.fulgur.loop;

import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.LoadTimes;
import io.fulgur.data.LoadingAdvice;
import io.fulgur.log.LogConnector;
import io.fulgur.profile.StepTimes;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long the batches of a fit take, and how long the loop waits for them.
 *
 * <p>The iterator of batches knows how long it was waited for, so a step costs no look at a clock
 * here: only where an epoch begins and ends, where validation interrupts it, and where somebody
 * wants to know.
 */
final class TrainingTimes {
  /** Batches that are left out of what advice rests on: threads start, code is compiled. */
  private static final int WARM_UP_BATCHES = 10;

  /** After how many batches advice is first considered, and then whenever they have doubled. */
  private static final int FIRST_LOOK = 64;

  private final LongSupplier clock;
  private long batches;
  private long elapsed;
  private LoadTimes loaded = LoadTimes.NONE;
  private @Nullable BatchIterator current;
  private long began;

  private StepTimes logged = StepTimes.NONE;
  private StepTimes epochStart = StepTimes.NONE;
  private StepTimes warm = StepTimes.NONE;
  private LoadTimes warmLoaded = LoadTimes.NONE;
  private boolean advised;
  private long nextLook = FIRST_LOOK;

  /**
   * @param clock tells the time in nanoseconds
   */
  TrainingTimes(LongSupplier clock) {
    this.clock = clock;
  }

  /** Starts to measure the batches of an epoch. */
  void beginEpoch(BatchIterator iterator) {
    epochStart = now();
    current = iterator;
    began = clock.getAsLong();
  }

  /** Ends the measuring of an epoch. */
  void endEpoch() {
    BatchIterator iterator = current;
    if (iterator != null) {
      elapsed += clock.getAsLong() - began;
      loaded = loaded.plus(iterator.times());
      current = null;
    }
  }

  /** Leaves out what comes until {@link #resume}; between epochs there is nothing to leave out. */
  void pause() {
    if (current != null) {
      elapsed += clock.getAsLong() - began;
    }
  }

  /** Goes on after {@link #pause}. */
  void resume() {
    began = clock.getAsLong();
  }

  /** Counts a batch that was trained on. */
  void countBatch() {
    batches++;
    if (batches == WARM_UP_BATCHES) {
      warm = now();
      warmLoaded = loadedNow();
    }
  }

  /** Returns everything so far. */
  StepTimes now() {
    long running = current == null ? 0 : clock.getAsLong() - began;
    return new StepTimes(batches, elapsed + running, loadedNow().waitedNanos());
  }

  private LoadTimes loadedNow() {
    BatchIterator iterator = current;
    return iterator == null ? loaded : loaded.plus(iterator.times());
  }

  /** Gives loggers the times of the steps since the last call. */
  void logSteps(LogConnector log) {
    StepTimes now = now();
    StepTimes since = now.since(logged);
    // A run that goes on with what follows a batch has not trained on any yet.
    if (since.batches() > 0) {
      logged = now;
      log.note(StepTimes.STEP_MILLIS, since.stepMillis());
      log.note(StepTimes.DATA_FRACTION, since.dataFraction());
    }
  }

  /** Gives loggers the times of the epoch that has ended. */
  void logEpoch(LogConnector log) {
    StepTimes epoch = now().since(epochStart);
    if (epoch.batches() > 0) {
      log.note(StepTimes.EPOCH_STEP_MILLIS, epoch.stepMillis());
      log.note(StepTimes.EPOCH_DATA_FRACTION, epoch.dataFraction());
    }
  }

  /** Returns whether enough batches have come to look for advice again. */
  boolean isLookDue() {
    return !advised && batches >= nextLook;
  }

  /** Returns what to change about loading, once, if it is what the steps wait for; else null. */
  @Nullable String advice(DataLoader loader) {
    while (nextLook <= batches) {
      nextLook *= 2;
    }
    if (advised || batches <= WARM_UP_BATCHES) {
      return null;
    }
    String advice =
        LoadingAdvice.of(loader, loadedNow().since(warmLoaded), now().since(warm).elapsedNanos());
    advised = advice != null;
    return advice;
  }
}
