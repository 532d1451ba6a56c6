package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.data.HostArray;
import io.fulgur.nn.loss.CrossEntropyLoss;
import io.fulgur.nn.loss.Reduction;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Perplexity of a language model: {@code exp} of the mean negative log-likelihood of the target
 * tokens, {@code exp(-mean(logSoftmax(x)[target]))}.
 *
 * <p>Shapes: predictions, scores before a softmax or log-probabilities of a floating-point type,
 * {@code [..., vocabulary]}; targets {@code [...]} of {@code I64}. Computed by the engine, as a
 * vocabulary is large; scores of 16 bits are computed in {@code F32}.
 *
 * @since 0.1
 */
public final class Perplexity extends BaseMetric<Perplexity>
    implements PredictionMetric, ScalarMetric {
  private final @Nullable Long ignoreIndex;
  private double sum;
  private long count;
  private double batchSum;
  private long batchCount;

  /** Makes an empty metric for which all targets count. */
  public Perplexity() {
    this(null);
  }

  private Perplexity(@Nullable Long ignoreIndex) {
    this.ignoreIndex = ignoreIndex;
  }

  /** Returns an empty metric that leaves out what has this target, such as padding. */
  public Perplexity ignoreIndex(long target) {
    return new Perplexity(target);
  }

  @Override
  public Perplexity update(Tensor predictions, Tensor targets) {
    Shape shape = predictions.shape();
    if (shape.rank() < 2 || !shape.without(-1).equals(targets.shape())) {
      throw MetricErrors.shapes(
          name(),
          "scores must be [..., vocabulary] and targets the same without the vocabulary",
          Values.of(predictions),
          Values.of(targets));
    }
    long counted = counted(targets);
    double loss = counted == 0 ? 0 : loss(predictions, targets);
    batchSum = loss;
    batchCount = counted;
    sum += batchSum;
    count += batchCount;
    return this;
  }

  @Override
  public Perplexity update(HostArray predictions, HostArray targets) {
    return update(predictions.toTensor(), targets.toTensor());
  }

  private double loss(Tensor predictions, Tensor targets) {
    long vocabulary = predictions.size(-1);
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Tensor scores = predictions.dtype().isSixteenBit() ? predictions.to(DType.F32) : predictions;
      CrossEntropyLoss loss = new CrossEntropyLoss().reduction(Reduction.SUM);
      return (ignoreIndex == null ? loss : loss.ignoreIndex(ignoreIndex))
          .of(scores.reshape(targets.elements(), vocabulary), targets.reshape(targets.elements()))
          .item();
    }
  }

  private long counted(Tensor targets) {
    if (ignoreIndex == null) {
      return targets.elements();
    }
    Values values = Values.of(targets);
    double[] block = new double[Values.BLOCK];
    long counted = 0;
    for (long start = 0; start < values.elements(); start += Values.BLOCK) {
      int size = (int) Math.min(Values.BLOCK, values.elements() - start);
      values.read(start, size, block);
      for (int i = 0; i < size; i++) {
        counted += block[i] == ignoreIndex ? 0 : 1;
      }
    }
    return counted;
  }

  @Override
  public double compute() {
    return Math.exp(sum / count);
  }

  @Override
  public double batchValue() {
    return Math.exp(batchSum / batchCount);
  }

  @Override
  Object options() {
    return "ignoreIndex=" + ignoreIndex;
  }

  @Override
  void absorb(Perplexity other) {
    sum += other.sum;
    count += other.count;
  }

  @Override
  public void reset() {
    sum = 0;
    count = 0;
    batchSum = 0;
    batchCount = 0;
  }

  @Override
  public Perplexity emptyCopy() {
    return new Perplexity(ignoreIndex);
  }

  @Override
  public State state() {
    return State.builder().put("sum", sum).put("count", count).build();
  }

  @Override
  public void loadState(State state) {
    reset();
    sum = state.doubleValue("sum");
    count = state.longValue("count");
  }
}
