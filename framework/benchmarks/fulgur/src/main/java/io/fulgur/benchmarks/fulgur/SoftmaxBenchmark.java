package io.fulgur.benchmarks.fulgur;

import io.fulgur.nn.Losses;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pointwise;
import org.openjdk.jmh.annotations.Param;

/** Softmax of attention weights and of the logits of a vocabulary. */
public class SoftmaxBenchmark extends FunctionBenchmark {
  private static final Tensor LABELS = Pointwise.remainder(Tensor.arange(2048), 1000);

  /** The functions. */
  public enum Kind implements Function {
    SOFTMAX,
    LOG_SOFTMAX,
    CROSS_ENTROPY;

    @Override
    public Tensor input() {
      return switch (this) {
        case SOFTMAX -> random(8192, 64);
        case LOG_SOFTMAX, CROSS_ENTROPY -> random(2048, 1000);
      };
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case SOFTMAX -> x.softmax(1);
        case LOG_SOFTMAX -> x.logSoftmax(1);
        case CROSS_ENTROPY -> Losses.crossEntropy(x, LABELS);
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.SOFTMAX;

  @Override
  Function function() {
    return kind;
  }
}
