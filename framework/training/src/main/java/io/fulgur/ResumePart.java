package io.fulgur;

/**
 * A part of a checkpoint that a fit can restore.
 *
 * @see ResumeOptions
 * @since 0.1
 */
public enum ResumePart {
  /** The module's parameters and buffers. */
  WEIGHTS("the weights"),
  /** The optimizers: their state, step counts and hyperparameters. */
  OPTIMIZERS("the optimizers"),
  /** The learning-rate schedules. */
  SCHEDULERS("the learning-rate schedulers"),
  /** The counters of epochs, batches and steps, and what was gathered of the current epoch. */
  PROGRESS("the loops"),
  /** The random numbers of the training thread. */
  RNG("the random numbers"),
  /** The data module's state, and the training loader's seed and position. */
  DATA("the data"),
  /** The states of callbacks. */
  CALLBACKS("the callbacks"),
  /** The precision plugin, e.g. its loss scale. */
  PRECISION("the precision");

  private final String label;

  ResumePart(String label) {
    this.label = label;
  }

  /** Returns the name for messages. */
  public String label() {
    return label;
  }
}
