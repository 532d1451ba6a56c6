package io.fulgur.nn;

import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The options of {@link TransformerEncoderLayer} and {@link TransformerDecoderLayer}.
 *
 * @param <M> the layer
 * @since 0.1
 */
public final class TransformerOptions<M extends Module> {
  private final Function<TransformerOptions<M>, M> constructor;
  private final long features;
  private final int heads;
  private long feedForward = 2048;
  private double dropout = 0.1;
  private UnaryOperator<Tensor> activation = Tensor::relu;
  private boolean normFirst;
  private double epsilon = 1e-5;

  TransformerOptions(Function<TransformerOptions<M>, M> constructor, long features, int heads) {
    this.constructor = constructor;
    this.features = features;
    this.heads = heads;
  }

  /** Sets the width between the two maps of the feed-forward part; 2048 by default. */
  public TransformerOptions<M> feedForward(long width) {
    feedForward = width;
    return this;
  }

  /**
   * Sets the probability of dropout in training mode, of attention's weights, of the feed-forward
   * part and of what each part adds; 0.1 by default.
   */
  public TransformerOptions<M> dropout(double p) {
    dropout = p;
    return this;
  }

  /** Sets the function of the feed-forward part, e.g. {@code Tensor::gelu}; ReLU by default. */
  public TransformerOptions<M> activation(UnaryOperator<Tensor> function) {
    activation = function;
    return this;
  }

  /**
   * Sets whether each part normalises what it reads, which trains more stably, rather than the sum
   * of what it read and made, the default.
   */
  public TransformerOptions<M> normFirst(boolean first) {
    normFirst = first;
    return this;
  }

  /** Sets the ε of the layer norms; 1e-5 by default. */
  public TransformerOptions<M> layerNormEpsilon(double value) {
    epsilon = value;
    return this;
  }

  /**
   * Makes the layer.
   *
   * @throws io.fulgur.error.FulgurException if a size is not positive, the features are not a
   *     multiple of the heads, or dropout is not a probability
   */
  public M build() {
    return constructor.apply(this);
  }

  MultiheadAttention attention() {
    return MultiheadAttention.builder(features, heads).dropout(dropout).build();
  }

  Linear widening() {
    return new Linear(features, feedForward);
  }

  Linear narrowing() {
    return new Linear(feedForward, features);
  }

  LayerNorm norm() {
    return new LayerNorm(Shape.of(features), epsilon);
  }

  Dropout dropoutLayer() {
    return new Dropout(dropout);
  }

  UnaryOperator<Tensor> activation() {
    return activation;
  }

  boolean normFirst() {
    return normFirst;
  }

  @Override
  public String toString() {
    return "(features=%d, heads=%d, feedForward=%d, dropout=%s, normFirst=%b)"
        .formatted(features, heads, feedForward, dropout, normFirst);
  }
}
