package io.fulgur.benchmarks.libtorch;

import io.fulgur.benchmarks.contestant.ImageClassifier;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** ResNet-20 with projections on the shortcuts; ReLU in place, channels last. */
final class LibtorchResnet extends LibtorchNetwork {
  /** A fifth faster than channels first, which is the faster one for the small LeNet. */
  static final torch.MemoryFormat FORMAT = torch.MemoryFormat.ChannelsLast;

  private final ConvolutionAndNorm stem = new ConvolutionAndNorm(3, 16, 3, 1);
  private final List<Block> blocks = new ArrayList<>();
  private final LinearImpl head;

  LibtorchResnet() {
    int channels = 16;
    for (int width : ImageClassifier.WIDTHS) {
      for (int i = 0; i < ImageClassifier.BLOCKS; i++) {
        blocks.add(new Block(channels, width));
        channels = width;
      }
    }
    head = add(new LinearImpl(channels, ImageClassifier.RESNET.classes()));
  }

  @Override
  Tensor forward(Tensor images) {
    Tensor x = torch.relu_(stem.forward(images));
    for (Block block : blocks) {
      x = block.forward(x);
    }
    return head.forward(x.mean(2, 3));
  }

  private final class ConvolutionAndNorm {
    private final Conv2dImpl convolution;
    private final BatchNorm2dImpl norm;

    ConvolutionAndNorm(int in, int out, int kernel, int stride) {
      convolution = conv2d(in, out, kernel, stride, kernel / 2, /* bias= */ false);
      convolution.weight().set_data(convolution.weight().contiguous(FORMAT));
      norm = add(new BatchNorm2dImpl(new BatchNormOptions(out)));
    }

    Tensor forward(Tensor x) {
      return norm.forward(convolution.forward(x));
    }
  }

  private final class Block {
    private final ConvolutionAndNorm first;
    private final ConvolutionAndNorm second;
    private final @Nullable ConvolutionAndNorm shortcut;

    Block(int in, int out) {
      int stride = in == out ? 1 : 2;
      first = new ConvolutionAndNorm(in, out, 3, stride);
      second = new ConvolutionAndNorm(out, out, 3, 1);
      shortcut = in == out ? null : new ConvolutionAndNorm(in, out, 1, stride);
    }

    Tensor forward(Tensor x) {
      Tensor residual = second.forward(torch.relu_(first.forward(x)));
      return torch.relu_(residual.add_(shortcut == null ? x : shortcut.forward(x)));
    }
  }
}
