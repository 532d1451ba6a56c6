package io.fulgur.samples.gan;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Images of 8x8 pixels from -1 to 1, side by side in a PNG file. */
final class ImageGrid {
  private static final int SIDE = 8;
  private static final int SCALE = 4;
  private static final int CELL = SIDE * SCALE + SCALE;

  private ImageGrid() {}

  /** Writes images into a file, so many in a row. */
  static void write(List<float[]> images, int columns, Path file) throws IOException {
    int rows = (images.size() + columns - 1) / columns;
    BufferedImage grid =
        new BufferedImage(columns * CELL, rows * CELL, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < images.size(); i++) {
      int left = i % columns * CELL + SCALE / 2;
      int top = i / columns * CELL + SCALE / 2;
      for (int y = 0; y < SIDE * SCALE; y++) {
        for (int x = 0; x < SIDE * SCALE; x++) {
          float pixel = images.get(i)[y / SCALE * SIDE + x / SCALE];
          int shade = Math.round(255 * Math.min(1, Math.max(0, (pixel + 1) / 2)));
          grid.getRaster().setSample(left + x, top + y, /* b= */ 0, shade);
        }
      }
    }
    ImageIO.write(grid, "png", file.toFile());
  }
}
