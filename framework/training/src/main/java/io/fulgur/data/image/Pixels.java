package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;

/** An image that is being worked on, in the units of its type. */
final class Pixels {
  private static final float WHITE_U8 = 255;

  private final int channels;
  private final int height;
  private final int width;
  private final float[] values;
  private final DType dtype;

  /**
   * Makes an image.
   *
   * @param values row-major, channel by channel
   * @param dtype U8 or F32, which the result is to be of
   */
  Pixels(int channels, int height, int width, float[] values, DType dtype) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
    this.dtype = dtype;
  }

  int channels() {
    return channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Returns the values themselves. */
  float[] values() {
    return values;
  }

  static Pixels of(HostArray image) {
    boolean typed = image.dtype() == DType.U8 || image.dtype() == DType.F32;
    if (!typed || image.shape().rank() != 3) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          "An image is to be [channels, height, width] of type U8 or F32, but %s was given. Reshape or convert it before."
              .formatted(image));
    }
    int channels = (int) image.shape().size(0);
    int height = (int) image.shape().size(1);
    int width = (int) image.shape().size(2);
    return new Pixels(channels, height, width, image.toFloatArray(), image.dtype());
  }

  /** Makes an image of the same type and channels with other pixels. */
  Pixels with(int newHeight, int newWidth, float[] newValues) {
    return new Pixels(channels, newHeight, newWidth, newValues, dtype);
  }

  /** Returns the value of white. */
  float white() {
    return dtype == DType.U8 ? WHITE_U8 : 1;
  }

  int plane() {
    return height * width;
  }

  /** Returns the image; values of U8 are rounded, ties away from zero, and kept within 0 to 255. */
  HostArray toArray() {
    if (dtype == DType.F32) {
      return HostArray.of(values, channels, height, width);
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (Math.max(0, Math.min(WHITE_U8, values[i])) + 0.5f);
    }
    return HostArray.of(bytes, channels, height, width);
  }

  static void checkSize(String operation, int height, int width) {
    if (height <= 0 || width <= 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "%s cannot make an image of %d x %d pixels. Both sizes must be positive."
              .formatted(operation, height, width));
    }
  }
}
