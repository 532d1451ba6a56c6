package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;

/** Parts of images. */
final class Crops {
  private static final int TRIES = 10;

  private Crops() {}

  /** Returns a rectangle of an image, black where it reaches beyond. */
  static Pixels crop(Pixels in, int top, int left, int height, int width) {
    float[] out = new float[in.channels() * height * width];
    int firstRow = Math.max(0, -top);
    int lastRow = Math.min(height, in.height() - top);
    int firstColumn = Math.max(0, -left);
    int columns = Math.min(width, in.width() - left) - firstColumn;
    for (int channel = 0; channel < in.channels() && columns > 0; channel++) {
      for (int row = firstRow; row < lastRow; row++) {
        System.arraycopy(
            in.values(),
            (channel * in.height() + top + row) * in.width() + left + firstColumn,
            out,
            (channel * height + row) * width + firstColumn,
            columns);
      }
    }
    return in.with(height, width, out);
  }

  static ImageOperation center(int height, int width) {
    Pixels.checkSize("centerCrop", height, width);
    return (image, random) -> {
      Pixels in = Pixels.of(image);
      // Halves go to the even neighbour, as Python rounds.
      int top = (int) Math.rint((in.height() - height) / 2.0);
      int left = (int) Math.rint((in.width() - width) / 2.0);
      return crop(in, top, left, height, width).toArray();
    };
  }

  static ImageOperation random(int height, int width, int padding) {
    Pixels.checkSize("randomCrop", height, width);
    return (image, random) -> {
      Pixels in = Pixels.of(image);
      int tops = in.height() + 2 * padding - height + 1;
      int lefts = in.width() + 2 * padding - width + 1;
      if (tops <= 0 || lefts <= 0) {
        throw new FulgurException(
            ErrorId.SHAPE_MISMATCH,
            "randomCrop(%d, %d) with a padding of %d cannot cut from an image of %d x %d pixels. Resize the image before, or pad more."
                .formatted(height, width, padding, in.height(), in.width()));
      }
      int top = (int) random.nextLong(tops) - padding;
      int left = (int) random.nextLong(lefts) - padding;
      return crop(in, top, left, height, width).toArray();
    };
  }

  static ImageOperation randomResized(int height, int width, Range area, Range ratio) {
    Pixels.checkSize("randomResizedCrop", height, width);
    return (image, random) -> {
      Pixels in = Pixels.of(image);
      Pixels cut = randomPart(in, area, ratio, random);
      return Resize.resized(cut, height, width).toArray();
    };
  }

  private static Pixels randomPart(Pixels in, Range area, Range ratio, Generator random) {
    for (int i = 0; i < TRIES; i++) {
      double size = in.plane() * area.draw(random);
      double shape = Math.exp(ratio.log().draw(random));
      int width = (int) Math.rint(Math.sqrt(size * shape));
      int height = (int) Math.rint(Math.sqrt(size / shape));
      if (width > 0 && width <= in.width() && height > 0 && height <= in.height()) {
        int top = (int) random.nextLong(in.height() - height + 1L);
        int left = (int) random.nextLong(in.width() - width + 1L);
        return crop(in, top, left, height, width);
      }
    }
    // A very long image: the largest part in its middle that has an allowed shape.
    double shape = (double) in.width() / in.height();
    int width = shape > ratio.to() ? (int) Math.rint(in.height() * ratio.to()) : in.width();
    int height = shape < ratio.from() ? (int) Math.rint(in.width() / ratio.from()) : in.height();
    return crop(in, (in.height() - height) / 2, (in.width() - width) / 2, height, width);
  }

  static ImageOperation flip(double probability, boolean horizontal) {
    return (image, random) -> {
      Pixels in = Pixels.of(image);
      return random.nextDouble() < probability ? flipped(in, horizontal).toArray() : image;
    };
  }

  private static Pixels flipped(Pixels in, boolean horizontal) {
    float[] out = new float[in.values().length];
    int width = in.width();
    for (int channel = 0; channel < in.channels(); channel++) {
      for (int y = 0; y < in.height(); y++) {
        int from = (channel * in.height() + (horizontal ? y : in.height() - 1 - y)) * width;
        int to = (channel * in.height() + y) * width;
        for (int x = 0; x < width; x++) {
          out[to + x] = in.values()[from + (horizontal ? width - 1 - x : x)];
        }
      }
    }
    return in.with(in.height(), width, out);
  }

  /** Returns an image of U8 as F32 from 0 to 1; one of F32 as it is. */
  static HostArray toFloat(HostArray image, Generator random) {
    Pixels in = Pixels.of(image);
    if (in.white() == 1) {
      return image;
    }
    float[] out = in.values();
    for (int i = 0; i < out.length; i++) {
      out[i] /= in.white();
    }
    return HostArray.of(out, in.channels(), in.height(), in.width());
  }
}
