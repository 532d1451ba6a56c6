package io.fulgur.loop;

import io.fulgur.Determinism;
import io.fulgur.Trainer;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.ReproducibilityCheck;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code deterministic} does. */
final class Reproducibility {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private Reproducibility() {}

  /** Starts to look for operators that cannot be repeated; null if nobody wants to know. */
  static @Nullable ReproducibilityCheck check(Determinism wanted) {
    return switch (wanted) {
      case OFF -> null;
      case WARN -> ReproducibilityCheck.warning();
      case STRICT -> ReproducibilityCheck.failing();
    };
  }

  /** Warns, before a fit that goes on from no checkpoint, if its random numbers are arbitrary. */
  static void checkSeed(Determinism wanted) {
    if (wanted != Determinism.OFF && Generator.defaultGenerator().isArbitrary()) {
      LOG.warn(
          "deterministic is set, but nobody has chosen a seed, so the next run will draw other"
              + " numbers. Call Fulgur.seedEverything(seed) before the module is made");
    }
  }
}
