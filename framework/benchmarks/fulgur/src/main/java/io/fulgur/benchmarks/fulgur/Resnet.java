package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ImageClassifier;
import io.fulgur.nn.BatchNorm2d;
import io.fulgur.nn.Conv2d;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Module;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ConvolutionOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ResNet-20 with projections on the shortcuts. */
final class Resnet extends Module {
  private final ConvolutionAndNorm stem = new ConvolutionAndNorm(3, 16, 3, 1);
  private final List<Block> blocks = new ArrayList<>();
  private final Linear head;

  Resnet() {
    int channels = 16;
    for (int width : ImageClassifier.WIDTHS) {
      for (int i = 0; i < ImageClassifier.BLOCKS; i++) {
        blocks.add(new Block(channels, width));
        channels = width;
      }
    }
    head = new Linear(channels, ImageClassifier.RESNET.classes());
  }

  @Override
  public Tensor forward(Tensor images) {
    Tensor x = stem.call(images).relu();
    for (Block block : blocks) {
      x = block.call(x);
    }
    return head.call(x.mean(/* keepDim= */ false, 2, 3));
  }

  private static final class ConvolutionAndNorm extends Module {
    private final Conv2d convolution;
    private final BatchNorm2d norm;

    ConvolutionAndNorm(int in, int out, int kernel, int stride) {
      ConvolutionOptions options = ConvolutionOptions.defaults().stride(stride).padding(kernel / 2);
      convolution = new Conv2d(in, out, kernel, options, /* bias= */ false);
      norm = new BatchNorm2d(out);
    }

    @Override
    public Tensor forward(Tensor x) {
      return norm.call(convolution.call(x));
    }
  }

  private static final class Block extends Module {
    private final ConvolutionAndNorm first;
    private final ConvolutionAndNorm second;
    private final @Nullable ConvolutionAndNorm shortcut;

    Block(int in, int out) {
      int stride = in == out ? 1 : 2;
      first = new ConvolutionAndNorm(in, out, 3, stride);
      second = new ConvolutionAndNorm(out, out, 3, 1);
      shortcut = in == out ? null : new ConvolutionAndNorm(in, out, 1, stride);
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor residual = second.call(first.call(x).relu());
      return residual.add(shortcut == null ? x : shortcut.call(x)).relu();
    }
  }
}
