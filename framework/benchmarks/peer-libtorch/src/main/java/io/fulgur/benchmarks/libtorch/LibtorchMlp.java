package io.fulgur.benchmarks.libtorch;

import io.fulgur.benchmarks.contestant.Mlp;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An MLP as a user of libtorch writes it. */
final class LibtorchMlp extends LibtorchNetwork {
  private final LinearImpl[] linears;

  LibtorchMlp(Mlp mlp) {
    linears = new LinearImpl[mlp.layers()];
    for (int i = 0; i < linears.length; i++) {
      linears[i] = add(new LinearImpl(mlp.layerSizes().get(i), mlp.layerSizes().get(i + 1)));
    }
  }

  @Override
  Tensor forward(Tensor batch) {
    Tensor hidden = batch;
    for (int i = 0; i < linears.length - 1; i++) {
      hidden = torch.relu(linears[i].forward(hidden));
    }
    return linears[linears.length - 1].forward(hidden);
  }
}
