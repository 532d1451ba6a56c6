package io.fulgur.data;

import io.fulgur.checkpoint.State;
import java.util.OptionalLong;

/** What a loader reads: a data set and the way in which it is divided into batches. */
interface EpochSource {
  /** Returns what sort of source this is; a state of one sort does not fit another. */
  String kind();

  /** Returns the number of batches of an epoch, if it is known. */
  OptionalLong length();

  /** Returns the states of what outlasts an epoch; empty if nothing has one. */
  State state();

  /**
   * Restores what {@link #state()} has returned.
   *
   * @throws io.fulgur.error.FulgurException if it does not fit
   */
  void loadState(State state);

  /** Starts an epoch, or goes on with one. */
  EpochPlan open(EpochContext epoch, EpochStart start);
}
