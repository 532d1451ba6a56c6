package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Generator;

/**
 * Which elements dropout keeps: a draw of 64 bits decides two neighbours, the lower half the first.
 * An element is kept where its half is at least {@code p 2^32}.
 */
final class Draws {
  private static final double TWO_POW_32 = 0x1.0p32;
  private static final long HALF = 0xFFFFFFFFL;

  private final Generator generator;
  private final long threshold;
  private final long scaleBits;

  Draws(Generator generator, double p) {
    this.generator = generator;
    this.threshold = (long) (p * TWO_POW_32);
    this.scaleBits = Float.floatToRawIntBits(p == 1 ? 0 : (float) (1 / (1 - p)));
  }

  /**
   * Writes what elements are multiplied by: 0, or {@code 1 / (1 - p)}.
   *
   * @param place of the draw for the first element
   */
  void factors(long place, float[] to, int at, int n, Scratch s) {
    for (int i = 0; i < n; i += Scratch.BLOCK) {
      block(place + i / 2, to, at + i, Math.min(Scratch.BLOCK, n - i), s);
    }
  }

  /** As {@link #factors(long, float[], int, int, Scratch)} of one block; also 1 for each kept. */
  void factors(long place, float[] to, byte[] kept, int n, Scratch s) {
    block(place, to, 0, n, s);
    long[] words = s.integers();
    int i = 0;
    for (; i < n - 1; i += 2) {
      long word = words[i / 2];
      kept[i] = (byte) (word & 1);
      kept[i + 1] = (byte) (word >>> 63);
    }
    if (i < n) {
      kept[i] = (byte) (words[i / 2] & 1);
    }
  }

  private void block(long place, float[] to, int at, int n, Scratch s) {
    long[] words = s.integers();
    int draws = (n + 1) / 2;
    generator.bitsAt(place, words, draws);
    keep(words, threshold, draws);
    scale(words, s.longs, scaleBits, draws);
    s.asLongs.put(0, s.longs, 0, draws);
    s.asFloats.get(0, to, at, n);
  }

  /** Turns each half of a word into ones where it is at least the threshold, else into zeros. */
  private static void keep(long[] words, long threshold, int n) {
    for (int i = 0; i < n; i++) {
      // The sign of the difference is 1 for what is dropped; one less is a mask of what is kept.
      long low = (((words[i] & HALF) - threshold) >>> 63) - 1;
      long high = (((words[i] >>> 32) - threshold) >>> 63) - 1;
      words[i] = (low & HALF) | (high & ~HALF);
    }
  }

  private static void scale(long[] masks, long[] factors, long bits, int n) {
    long both = bits | (bits << 32);
    for (int i = 0; i < n; i++) {
      factors[i] = masks[i] & both;
    }
  }
}
