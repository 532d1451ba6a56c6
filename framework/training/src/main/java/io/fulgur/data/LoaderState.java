package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a loader stands, as a checkpoint holds it.
 *
 * @param kind what sort of loader it is; empty where that was not saved
 * @param length the number of batches of an epoch, if it was known
 * @param seed the loader's seed
 * @param epoch counted from 0
 * @param batches how many batches of the epoch have been served
 * @param source states of data sets and samplers
 * @param position the place in the epoch; null for what the number of batches says
 */
record LoaderState(
    String kind,
    OptionalLong length,
    long seed,
    long epoch,
    long batches,
    State source,
    @Nullable State position) {
  private static final String KIND = "kind";
  private static final String LENGTH = "length";
  private static final String SEED = "seed";
  private static final String EPOCH = "epoch";
  private static final String BATCHES = "batches";
  private static final String SOURCE = "source";
  private static final String POSITION = "position";

  /** Checks that nothing is negative. */
  LoaderState {
    if (epoch < 0 || batches < 0) {
      throw negative(epoch, batches);
    }
  }

  static FulgurException negative(long epoch, long batches) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "A loader cannot stand at epoch %d after %d batches. Neither may be negative."
            .formatted(epoch, batches));
  }

  State toState() {
    State.Builder state =
        State.builder().put(KIND, kind).put(SEED, seed).put(EPOCH, epoch).put(BATCHES, batches);
    length.ifPresent(count -> state.put(LENGTH, count));
    if (!source.isEmpty()) {
      state.child(SOURCE, source);
    }
    if (position != null) {
      state.child(POSITION, position);
    }
    return state.build();
  }

  /** Reads what {@link #toState} returned, or only a seed, an epoch and a number of batches. */
  static LoaderState read(State state) {
    return new LoaderState(
        state.has(KIND) ? state.stringValue(KIND) : "",
        state.has(LENGTH) ? OptionalLong.of(state.longValue(LENGTH)) : OptionalLong.empty(),
        state.longValue(SEED),
        state.longValue(EPOCH),
        state.longValue(BATCHES),
        state.hasChild(SOURCE) ? state.child(SOURCE) : State.empty(),
        state.hasChild(POSITION) ? state.child(POSITION) : null);
  }

  /**
   * Checks that a loader can go on from here.
   *
   * @param source what it reads
   * @param loader what to call it
   * @throws FulgurException if it is of another sort, or its epochs have another length and this is
   *     in the middle of one
   */
  void checkFits(EpochSource source, Object loader) {
    if (!kind.isEmpty() && !kind.equals(source.kind())) {
      throw mismatch(
          "%s reads %s, but the state is of a loader that read %s. Restore it in a loader like that."
              .formatted(loader, source.kind(), kind));
    }
    OptionalLong now = source.length();
    if (batches == 0 || now.isEmpty()) {
      return;
    }
    if (length.isPresent() && length.getAsLong() != now.getAsLong()) {
      throw mismatch(
          "%s cannot go on in the middle of an epoch of %d batches, as the state says. The state is of another data set or batch size; restore those, or start the epoch anew."
              .formatted(loader, length.getAsLong()));
    }
    if (batches > now.getAsLong()) {
      throw mismatch(
          "%s cannot go on after %d batches of an epoch. The state is of another data set or batch size; restore those, or start the epoch anew."
              .formatted(loader, batches));
    }
  }

  private static FulgurException mismatch(String text) {
    return new FulgurException(ErrorId.STATE_MISMATCH, text);
  }
}
