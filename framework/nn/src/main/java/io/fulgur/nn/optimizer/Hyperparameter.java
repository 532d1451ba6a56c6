package io.fulgur.nn.optimizer;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.function.DoublePredicate;

/**
 * A number that an optimizer's user may choose for each parameter group. A switch is 0 or 1.
 *
 * @param name its name in builders, checkpoints and messages, e.g. {@code learningRate}
 * @param initial its value unless chosen
 * @param allowed tells which values are allowed; NaN and infinity never are
 * @param allowedText those values in words, e.g. {@code "0 or more"}
 * @since 0.1
 */
public record Hyperparameter(
    String name, double initial, DoublePredicate allowed, String allowedText) {

  /** The step size; 0 or more. */
  public static final String LEARNING_RATE = "learningRate";

  /** The factor by which weights shrink; 0 or more. */
  public static final String WEIGHT_DECAY = "weightDecay";

  /** Returns a hyperparameter that must not be negative. */
  public static Hyperparameter nonNegative(String name, double initial) {
    return new Hyperparameter(name, initial, value -> value >= 0, "0 or more");
  }

  /** Returns a hyperparameter that must be more than 0. */
  public static Hyperparameter positive(String name, double initial) {
    return new Hyperparameter(name, initial, value -> value > 0, "above 0");
  }

  /** Returns a hyperparameter that lies in {@code [0, 1)}. */
  public static Hyperparameter fraction(String name, double initial) {
    return new Hyperparameter(name, initial, value -> value >= 0 && value < 1, "from 0 to below 1");
  }

  /** Returns a hyperparameter that is 0 for no or 1 for yes. */
  public static Hyperparameter flag(String name, boolean initial) {
    return new Hyperparameter(
        name, initial ? 1 : 0, value -> value == 0 || value == 1, "0 for no or 1 for yes");
  }

  boolean accepts(double value) {
    return Double.isFinite(value) && allowed.test(value);
  }

  String complaint(double value) {
    return "%s is %s; allowed is %s.".formatted(name, value, allowedText);
  }

  void check(String owner, double value) {
    if (!accepts(value)) {
      throw new FulgurException(ErrorId.INVALID_HYPERPARAMETER, owner + ": " + complaint(value));
    }
  }
}
