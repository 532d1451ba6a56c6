package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Generator;

/**
 * Makes another image of an image. Called by several worker threads at once.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ImageOperation {
  /**
   * Returns the changed image; the given one stays as it is.
   *
   * @param image of shape {@code [channels, height, width]}, type U8 or F32
   * @param random the only source of chance to use
   */
  HostArray apply(HostArray image, Generator random);
}
