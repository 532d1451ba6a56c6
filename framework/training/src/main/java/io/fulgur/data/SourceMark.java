package io.fulgur.data;

import io.fulgur.checkpoint.State;
import org.jspecify.annotations.Nullable;

/** How what a loader reads from stands between two batches. Immutable. */
interface SourceMark {
  /** Where nothing has a state. */
  SourceMark NONE = of(State.empty(), null);

  /** Returns the states of what outlasts an epoch; empty if nothing has one. */
  State source();

  /**
   * Returns the place in the epoch, from which it can be gone on with without reading again what
   * comes before; null if counting batches is how to find it.
   */
  @Nullable State position();

  /** Makes a mark of states. */
  static SourceMark of(State source, @Nullable State position) {
    return new Saved(source, position);
  }

  /** A mark whose states are known. */
  record Saved(State source, @Nullable State position) implements SourceMark {}
}
