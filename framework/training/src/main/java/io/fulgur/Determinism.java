package io.fulgur;

/**
 * Whether a trainer makes sure that a run gives the same numbers when it is repeated.
 *
 * <p>With the same seed, machine, number of threads and plugins a run gives the same numbers bit by
 * bit in any case: data workers hand over batches in order, and the kernels that come with Fulgur
 * do not depend on which thread is first. This looks for what breaks that: see {@link
 * io.fulgur.tensor.ReproducibilityCheck}, and a warning if nobody has chosen a seed.
 *
 * <p>Not found are: what differs so rarely that two results of a call are the same; what is
 * computed outside of steps, such as the first weights and what hooks between batches compute; what
 * a module does by itself, such as drawing from {@code Math.random()}; and data that comes in
 * another order because of a sampler or a stream of one's own.
 *
 * @since 0.1
 */
public enum Determinism {
  /** Looks for nothing. */
  OFF("false"),
  /** Warns of each operator whose results differ from one time to the next. */
  WARN("warn"),
  /** Ends the run at the first operator whose results differ from one time to the next. */
  STRICT("true");

  private final String spelling;

  Determinism(String spelling) {
    this.spelling = spelling;
  }

  /**
   * Returns how files and environment variables say it: {@code false}, {@code warn}, {@code true}.
   */
  @Override
  public String toString() {
    return spelling;
  }
}
