package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** Matrix products of the sizes of a multilayer perceptron and of a recurrent network's step. */
public class ProductBenchmark extends KernelBenchmark {
  /** A layer, of a batch of 64 rows. */
  public enum Layer {
    MLP_784_512(784, 512),
    MLP_512_256(512, 256),
    MLP_256_10(256, 10),
    LSTM_128_512(128, 512);

    private static final int BATCH = 64;

    private final int in;
    private final int out;

    Layer(int in, int out) {
      this.in = in;
      this.out = out;
    }
  }

  /** Which of a layer's three products. */
  public enum Pass {
    /** {@code y = x Wᵀ + b} */
    FORWARD,
    /** {@code dx = dy W} */
    BACKWARD_INPUT,
    /** {@code dW = dyᵀ x} */
    BACKWARD_WEIGHT
  }

  /** Who computes. */
  @Param("engine")
  public String provider = "engine";

  /** The size. */
  @Param public Layer layer = Layer.MLP_256_10;

  /** The product. */
  @Param public Pass pass = Pass.FORWARD;

  @Override
  String provider() {
    return provider;
  }

  @Override
  OpCall call() {
    Tensor x = normal(Layer.BATCH, layer.in);
    Tensor y = normal(Layer.BATCH, layer.out);
    Tensor weight = normal(layer.out, layer.in);
    return switch (pass) {
      case FORWARD ->
          call(Operators.LINEAR, Operators.NONE, List.of(x, weight, normal(layer.out)), List.of(y));
      case BACKWARD_INPUT -> product(y, weight, x);
      case BACKWARD_WEIGHT -> product(y.transpose(0, 1), x, weight);
    };
  }

  private OpCall product(Tensor a, Tensor b, Tensor out) {
    Boolean accumulate = false;
    return call(Operators.MATMUL, accumulate, List.of(a, b), List.of(out));
  }
}
