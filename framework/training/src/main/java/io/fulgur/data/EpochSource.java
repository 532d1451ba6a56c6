package io.fulgur.data;

import java.util.OptionalLong;

/** What a loader reads: a data set and the way in which it is divided into batches. */
interface EpochSource {
  /** Returns the number of batches of an epoch, if it is known. */
  OptionalLong length();

  /** Starts an epoch after its first {@code skipped} batches. */
  EpochPlan open(EpochContext epoch, long skipped);
}
