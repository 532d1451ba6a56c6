package io.fulgur.metric;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Tensor;

/**
 * A metric of predicted classes.
 *
 * <p>A subclass is made for one of three kinds of classification, and takes accordingly:
 *
 * <ul>
 *   <li>{@code binary()}: predictions and targets of one shape {@code [...]}; targets are 0 or 1 of
 *       any type, predictions probabilities, or 0 and 1 of an integer type or {@code BOOL}.
 *   <li>{@code multiclass(classes)}: scores of a floating-point type {@code [batch, classes]} or
 *       {@code [batch, classes, ...]}, whose highest is the prediction, or classes of an integer
 *       type of the targets' shape; targets of an integer type, {@code [batch]} or {@code [batch,
 *       ...]}.
 *   <li>{@code multilabel(labels)}: as binary, both {@code [batch, labels]} or {@code [batch,
 *       labels, ...]}.
 * </ul>
 *
 * <p>An option returns a new metric that has seen nothing: {@code Accuracy.multiclass(10).topK(5)}.
 *
 * @param <S> the metric itself
 * @since 0.1
 */
public abstract class ClassificationMetric<S extends ClassificationMetric<S>> extends BaseMetric<S>
    implements PredictionMetric {
  final ClassOptions options;

  ClassificationMetric(ClassOptions options) {
    this.options = options;
  }

  /** Makes an empty metric of this class. */
  abstract S create(ClassOptions newOptions);

  /** Takes a batch; throws before anything is changed. */
  abstract void add(Values predictions, Values targets);

  /** Returns an empty metric that leaves out what has this target; none is left out otherwise. */
  public final S ignoreIndex(long target) {
    return create(options.withIgnoreIndex(target));
  }

  @Override
  public final S update(Tensor predictions, Tensor targets) {
    add(Values.of(predictions), Values.of(targets));
    return self();
  }

  @Override
  public final S update(HostArray predictions, HostArray targets) {
    add(Values.of(predictions), Values.of(targets));
    return self();
  }

  @Override
  public final S emptyCopy() {
    return create(options);
  }

  @Override
  Object options() {
    return options;
  }

  @SuppressWarnings("unchecked") // The type parameter of every subclass is that subclass.
  final S self() {
    return (S) this;
  }
}
