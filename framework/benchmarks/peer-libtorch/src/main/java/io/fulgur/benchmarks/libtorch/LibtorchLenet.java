package io.fulgur.benchmarks.libtorch;

import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** LeNet-5 with ReLU and max-pooling. */
final class LibtorchLenet extends LibtorchNetwork {
  private final Conv2dImpl conv1 = conv2d(1, 6, 5, 1, 2, /* bias= */ true);
  private final Conv2dImpl conv2 = conv2d(6, 16, 5, 1, 0, /* bias= */ true);
  private final LinearImpl linear1 = add(new LinearImpl(400, 120));
  private final LinearImpl linear2 = add(new LinearImpl(120, 84));
  private final LinearImpl linear3 = add(new LinearImpl(84, 10));

  @Override
  Tensor forward(Tensor images) {
    Tensor x = torch.max_pool2d(torch.relu(conv1.forward(images)), 2, 2);
    x = torch.max_pool2d(torch.relu(conv2.forward(x)), 2, 2);
    x = torch.relu(linear1.forward(x.flatten(1, -1)));
    return linear3.forward(torch.relu(linear2.forward(x)));
  }
}
