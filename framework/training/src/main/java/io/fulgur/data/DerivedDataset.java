package io.fulgur.data;

/** A data set made of others, which can tell where a sample comes from, for error messages. */
interface DerivedDataset {
  /** A sample of a data set. */
  record Origin(Dataset dataset, long index) {}

  /** Returns the sample that one of this data set is made of. */
  Origin origin(long index);
}
