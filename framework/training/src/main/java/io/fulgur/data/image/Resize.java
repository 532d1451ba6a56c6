package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Generator;

/** Resamples an image to another size. */
final class Resize implements ImageOperation {
  /*
   * A triangle filter as wide as the pixels of the smaller image, first along rows, then along columns:
   * that of Pillow, which torchvision follows with antialias=True. Without the widening, making an
   * image smaller would skip pixels.
   */
  private final int height;
  private final int width;

  Resize(int height, int width) {
    Pixels.checkSize("resize", height, width);
    this.height = height;
    this.width = width;
  }

  @Override
  public HostArray apply(HostArray image, Generator random) {
    return resized(Pixels.of(image), height, width).toArray();
  }

  static Pixels resized(Pixels in, int height, int width) {
    if (in.height() == height && in.width() == width) {
      return in;
    }
    return vertically(horizontally(in, width), height);
  }

  private static Pixels horizontally(Pixels in, int width) {
    Filter filter = Filter.of(in.width(), width);
    int rows = in.channels() * in.height();
    float[] out = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      for (int x = 0; x < width; x++) {
        float[] weights = filter.weights[x];
        int from = row * in.width() + filter.first[x];
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * in.values()[from + i];
        }
        out[row * width + x] = sum;
      }
    }
    return in.with(in.height(), width, out);
  }

  private static Pixels vertically(Pixels in, int height) {
    Filter filter = Filter.of(in.height(), height);
    int width = in.width();
    float[] out = new float[in.channels() * height * width];
    for (int channel = 0; channel < in.channels(); channel++) {
      for (int y = 0; y < height; y++) {
        float[] weights = filter.weights[y];
        int to = (channel * height + y) * width;
        for (int i = 0; i < weights.length; i++) {
          int from = (channel * in.height() + filter.first[y] + i) * width;
          for (int x = 0; x < width; x++) {
            out[to + x] += weights[i] * in.values()[from + x];
          }
        }
      }
    }
    return in.with(height, width, out);
  }

  /** Which pixels of a line make each new one, and with which weights. */
  private static final class Filter {
    /** The first pixel for each new one. */
    final int[] first;

    /** Those of that and the following pixels; their sum is 1. */
    final float[][] weights;

    private Filter(int[] first, float[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    static Filter of(int in, int out) {
      double scale = (double) in / out;
      double support = Math.max(1, scale);
      int[] first = new int[out];
      float[][] weights = new float[out][];
      for (int i = 0; i < out; i++) {
        double center = scale * (i + 0.5);
        int from = Math.max(0, (int) (center - support + 0.5));
        int to = Math.min(in, (int) (center + support + 0.5));
        first[i] = from;
        weights[i] = triangle(from, to, center, support);
      }
      return new Filter(first, weights);
    }

    private static float[] triangle(int from, int to, double center, double support) {
      double[] heights = new double[to - from];
      double sum = 0;
      for (int j = 0; j < heights.length; j++) {
        heights[j] = Math.max(0, 1 - Math.abs((from + j - center + 0.5) / support));
        sum += heights[j];
      }
      float[] weights = new float[heights.length];
      for (int j = 0; j < weights.length; j++) {
        weights[j] = (float) (heights[j] / sum);
      }
      return weights;
    }
  }
}
