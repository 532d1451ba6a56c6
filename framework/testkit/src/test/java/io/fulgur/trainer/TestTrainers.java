package io.fulgur.trainer;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;

/** Trainers that neither write files nor to the console. */
public final class TestTrainers {
  private TestTrainers() {}

  public static TrainerBuilder quiet() {
    return Trainer.builder()
        .enableCheckpointing(false)
        .enableLogging(false)
        .enableProgressBar(false)
        .enableModelSummary(false);
  }

  /** As {@link #quiet()}, with a logger of one's own. */
  public static TrainerBuilder quiet(io.fulgur.log.Logger logger) {
    return quiet().enableLogging(true).logger(logger);
  }
}
