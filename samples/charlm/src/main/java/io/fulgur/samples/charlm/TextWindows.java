package io.fulgur.samples.charlm;

import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.Sample;
import java.util.Arrays;

/** Pieces of a text: {@code input} some characters in a row, {@code next} what follows each. */
final class TextWindows implements Dataset {
  private final long[] text;
  private final int length;
  private final int stride;

  /**
   * @param text numbers of characters
   * @param length characters in a piece
   * @param stride how far the beginnings of two pieces are apart
   */
  TextWindows(long[] text, int length, int stride) {
    if (text.length <= length) {
      throw new IllegalArgumentException(
          "The text has %d characters, but a piece of %d and its next one need more."
              .formatted(text.length, length));
    }
    this.text = text;
    this.length = length;
    this.stride = stride;
  }

  @Override
  public long size() {
    return (text.length - length - 1L) / stride + 1;
  }

  @Override
  public Sample get(long index) {
    int start = Math.toIntExact(index * stride);
    return Sample.of("input", HostArray.of(Arrays.copyOfRange(text, start, start + length)))
        .with("next", HostArray.of(Arrays.copyOfRange(text, start + 1, start + 1 + length)));
  }
}
