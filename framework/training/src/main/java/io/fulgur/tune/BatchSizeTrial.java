package io.fulgur.tune;

/**
 * One batch size that was tried.
 *
 * @param batchSize how many samples a batch was to have
 * @param outcome what came of it
 * @since 0.1
 */
public record BatchSizeTrial(int batchSize, Outcome outcome) {
  /**
   * What comes of trying a batch size.
   *
   * @since 0.1
   */
  public enum Outcome {
    /** All steps were taken. */
    FITS,
    /** All steps were taken, but the data has fewer samples than such a batch. */
    ALL_SAMPLES,
    /** The memory did not suffice. */
    OUT_OF_MEMORY
  }
}
