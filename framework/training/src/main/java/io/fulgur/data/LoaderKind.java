package io.fulgur.data;

import org.jspecify.annotations.Nullable;

/** What tells one sort of loader from another, beside where its batches come from. */
interface LoaderKind {
  /** Returns what to call the data in messages. */
  String datasetName();

  /** Returns the seed that the user gave, if any. */
  @Nullable Long seed();

  /** Returns whether the samples come in another order than that of the data. */
  boolean reorders();

  /** Makes a loader of the same samples in the order of the data. */
  DataLoader sequential();
}
