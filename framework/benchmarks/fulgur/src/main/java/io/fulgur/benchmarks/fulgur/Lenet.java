package io.fulgur.benchmarks.fulgur;

import io.fulgur.nn.Conv2d;
import io.fulgur.nn.Flatten;
import io.fulgur.nn.Linear;
import io.fulgur.nn.MaxPool2d;
import io.fulgur.nn.Module;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ConvolutionOptions;

/** LeNet-5 with ReLU and max-pooling. */
final class Lenet extends Module {
  private final Sequential net =
      new Sequential(
          new Conv2d(1, 6, 5, ConvolutionOptions.defaults().padding(2)),
          new ReLU(),
          new MaxPool2d(2),
          new Conv2d(6, 16, 5),
          new ReLU(),
          new MaxPool2d(2),
          new Flatten(),
          new Linear(400, 120),
          new ReLU(),
          new Linear(120, 84),
          new ReLU(),
          new Linear(84, 10));

  @Override
  public Tensor forward(Tensor images) {
    return net.call(images);
  }
}
