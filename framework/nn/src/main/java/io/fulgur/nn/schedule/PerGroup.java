package io.fulgur.nn.schedule;

import io.fulgur.nn.optimizer.Optimizer;
import java.util.Arrays;
import java.util.function.DoublePredicate;

/** Numbers that a schedule is given for all groups of an optimizer, or for each. */
final class PerGroup {
  private PerGroup() {}

  /**
   * Returns a number for each group.
   *
   * @param given one for all, or one for each
   */
  static double[] of(
      Optimizer optimizer,
      String scheduler,
      String name,
      double[] given,
      DoublePredicate allowed,
      String allowedText) {
    int groups = optimizer.groups().size();
    LearningRateScheduler.require(
        given.length == 1 || given.length == groups,
        "%s: %s was given %d numbers; allowed is one, or one for each of the %d groups."
            .formatted(scheduler, name, given.length, groups));
    for (double value : given) {
      LearningRateScheduler.require(
          allowed.test(value) && Double.isFinite(value),
          "%s: %s is %s; allowed is %s.".formatted(scheduler, name, value, allowedText));
    }
    double[] values = Arrays.copyOf(given, groups);
    if (given.length == 1) {
      Arrays.fill(values, given[0]);
    }
    return values;
  }
}
