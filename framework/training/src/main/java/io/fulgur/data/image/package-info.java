/**
 * Images as data: folders of them, and how they are resized, cut and varied.
 *
 * <p>An image is a {@link io.fulgur.data.HostArray} of shape {@code [channels, height, width]}, of
 * type U8 with values 0 to 255, or of type F32 with values 0 to 1.
 */
@NullMarked
package io.fulgur.data.image;

import org.jspecify.annotations.NullMarked;
