package io.fulgur;

import io.fulgur.tensor.Generator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What concerns the whole process rather than one trainer.
 *
 * @since 0.1
 */
public final class Fulgur {
  private static final Logger LOG = LoggerFactory.getLogger(Fulgur.class);

  private Fulgur() {}

  /**
   * Sets the seed of this thread's random numbers, from which initialisers, dropout and the default
   * order of dataloaders follow. With the same seed, machine and number of threads a run gives the
   * same numbers, bit by bit.
   */
  public static void seedEverything(long seed) {
    Generator.defaultGenerator().seed(seed);
    LOG.info("Seed set to {}", seed);
  }
}
