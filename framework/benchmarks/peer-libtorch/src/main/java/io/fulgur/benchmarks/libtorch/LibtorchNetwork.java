package io.fulgur.benchmarks.libtorch;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** A network whose layers register themselves. */
abstract class LibtorchNetwork {
  private final Module module = new Module();
  private int layers;

  /** Returns the logits, {@code [rows, classes]}. */
  abstract Tensor forward(Tensor batch);

  /** Adds a layer, so that the optimizer finds its parameters. */
  final <T extends Module> T add(T layer) {
    return module.register_module("layer" + layers++, layer);
  }

  /** Adds a parameter beside those of the layers. */
  final Tensor addParameter(Tensor value) {
    return module.register_parameter("parameter" + layers++, value);
  }

  final Conv2dImpl conv2d(int in, int out, int kernel, int stride, int padding, boolean bias) {
    Conv2dOptions options = new Conv2dOptions(in, out, square(kernel));
    options.stride().put(0, stride).put(1, stride);
    options.padding().put(square(padding));
    options.bias().put(bias);
    return add(new Conv2dImpl(options));
  }

  private static LongPointer square(long side) {
    return new LongPointer(side, side);
  }

  final TensorVector parameters() {
    return module.parameters();
  }

  final long parameterCount() {
    TensorVector all = parameters();
    long count = 0;
    for (long i = 0; i < all.size(); i++) {
      count += all.get(i).numel();
    }
    return count;
  }
}
