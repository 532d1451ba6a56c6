package io.fulgur.metric;

/**
 * What the metrics of this package have in common.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class BaseMetric<S extends BaseMetric<S>> implements Metric {
  BaseMetric() {}

  /** Returns what another must equal to be merged. */
  abstract Object options();

  /** Adds what another of the same class and options has gathered. */
  abstract void absorb(S other);

  @Override
  public final void merge(Metric other) {
    if (other == this || other.getClass() != getClass()) {
      throw MetricErrors.cannotMerge(this, other);
    }
    @SuppressWarnings("unchecked") // Of the same class.
    S that = (S) other;
    if (!options().equals(that.options())) {
      throw MetricErrors.cannotMerge(this, other);
    }
    absorb(that);
  }

  /** Returns the name for messages. */
  final String name() {
    return getClass().getSimpleName();
  }

  /** Returns the class and the options. */
  @Override
  public String toString() {
    return name() + " " + options();
  }
}
