package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import org.jspecify.annotations.Nullable;

/**
 * What the metrics of this package have in common.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class BaseMetric<S extends BaseMetric<S>> implements Metric {
  /** As this was when it was marked; null before that. */
  private @Nullable S marked;

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

  @Override
  public abstract S emptyCopy();

  @Override
  @SuppressWarnings("unchecked") // S is this class.
  public void mark() {
    S copy = marked;
    if (copy == null) {
      copy = emptyCopy();
      marked = copy;
    } else {
      copy.reset();
    }
    copy.absorb((S) this);
  }

  @Override
  public State markedState() {
    S copy = marked;
    return copy == null ? state() : copy.state();
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
