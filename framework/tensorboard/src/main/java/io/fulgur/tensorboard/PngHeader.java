package io.fulgur.tensorboard;

import java.nio.ByteBuffer;

/** The beginning of a PNG file: signature, then the {@code IHDR} chunk with the size. */
final class PngHeader {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int WIDTH_OFFSET = 16;
  private static final int HEIGHT_OFFSET = 20;
  private static final int BYTES = 24;

  private PngHeader() {}

  /** Throws unless the bytes start as a PNG image of this size. */
  static void check(byte[] png, int width, int height) {
    ByteBuffer bytes = ByteBuffer.wrap(png);
    if (png.length < BYTES || bytes.getLong(0) != SIGNATURE) {
      throw new IllegalArgumentException(
          "The " + png.length + " bytes of the image are no PNG file. Encode the image as PNG.");
    }
    int actualWidth = bytes.getInt(WIDTH_OFFSET);
    int actualHeight = bytes.getInt(HEIGHT_OFFSET);
    if (actualWidth != width || actualHeight != height) {
      throw new IllegalArgumentException(
          String.format(
              "The image is %d wide and %d high, not %d wide and %d high as given.",
              actualWidth, actualHeight, width, height));
    }
  }
}
