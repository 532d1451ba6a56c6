package io.fulgur.tensor;

/**
 * A stream of random numbers whose whole state is two numbers: a seed and how far it has come.
 *
 * <p>The n-th draw is a hash of seed and n, so that a kernel can draw any part of the stream in any
 * order, and saving or restoring the state costs nothing. Not thread-safe.
 *
 * @since 0.1
 */
public final class Generator {
  /*
   * SplitMix64: the counter times an odd constant, then a mixing function that passes BigCrush.
   * G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA
   * 2014. The seed itself is mixed first, so that near seeds give unrelated streams.
   */
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double TWO_POW_MINUS_53 = 0x1.0p-53;

  /** The most numbers that {@link #bitsAt(long, long[], int)} writes. */
  public static final int MOST_TOGETHER = 512;

  /** The counter's steps, from an array, since HotSpot makes no vectors of a loop's own counter. */
  private static final long[] MULTIPLES = new long[MOST_TOGETHER];

  static {
    for (int i = 0; i < MULTIPLES.length; i++) {
      MULTIPLES[i] = i * GOLDEN_GAMMA;
    }
  }

  private static final ThreadLocal<Generator> DEFAULT =
      ThreadLocal.withInitial(Generator::arbitrary);

  private long seed;
  private long offset;
  private long base;
  private boolean arbitrary;

  /** Makes a generator at the start of the stream of a seed; every seed is valid, also 0. */
  public Generator(long seed) {
    this.seed = seed;
    this.base = mix(seed + GOLDEN_GAMMA);
  }

  /**
   * Returns the generator of this thread that initialisers and dropout use unless given another.
   * Its seed is arbitrary until {@link #seed(long)} sets it.
   */
  public static Generator defaultGenerator() {
    return DEFAULT.get();
  }

  private static Generator arbitrary() {
    Generator generator = new Generator(System.nanoTime());
    generator.arbitrary = true;
    return generator;
  }

  /** Returns whether nobody has chosen the seed, so that another run will draw other numbers. */
  public boolean isArbitrary() {
    return arbitrary;
  }

  /** Starts the stream of a seed. */
  public void seed(long newSeed) {
    seed = newSeed;
    base = mix(newSeed + GOLDEN_GAMMA);
    offset = 0;
    arbitrary = false;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /** Returns how many numbers have been drawn since the seed was set. */
  public long offset() {
    return offset;
  }

  /** Goes to a place in the stream of a seed: what {@link #seed()} and {@link #offset()} told. */
  public void restore(long savedSeed, long savedOffset) {
    boolean before = arbitrary;
    seed(savedSeed);
    offset = savedOffset;
    arbitrary = before;
  }

  /** Skips {@code count} numbers and returns the place of the first, for {@link #bitsAt}. */
  public long reserve(long count) {
    long first = offset;
    offset += count;
    return first;
  }

  /** Returns the 64 random bits at a place of the stream, which does not move. */
  public long bitsAt(long place) {
    return mix(base + place * GOLDEN_GAMMA);
  }

  /**
   * Writes the bits at consecutive places from {@code place} on, many times as fast as one after
   * the other.
   *
   * @param count at most {@value #MOST_TOGETHER}
   */
  public void bitsAt(long place, long[] target, int count) {
    long[] multiples = MULTIPLES;
    long start = base + place * GOLDEN_GAMMA;
    for (int i = 0; i < count; i++) {
      target[i] = mix(start + multiples[i]);
    }
  }

  /** Returns the next 64 random bits. */
  public long nextLong() {
    return bitsAt(offset++);
  }

  /** Returns a number drawn uniformly from {@code [0, 1)}. */
  public double nextDouble() {
    return (nextLong() >>> 11) * TWO_POW_MINUS_53;
  }

  /**
   * Returns a number drawn uniformly from {@code [0, bound)}.
   *
   * @param bound positive
   */
  public long nextLong(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("The bound must be positive, but is " + bound);
    }
    // Rejects the incomplete last interval, so that no value is more likely than another.
    long bits = nextLong() >>> 1;
    long value = bits % bound;
    while (bits - value + (bound - 1) < 0) {
      bits = nextLong() >>> 1;
      value = bits % bound;
    }
    return value;
  }

  /** Returns a number drawn from the standard normal distribution. */
  public double nextGaussian() {
    // Box and Muller, 1958. Two numbers a draw and no rejection, so that the stream's place is
    // known.
    double radius = Math.sqrt(-2 * Math.log1p(-nextDouble()));
    return radius * Math.cos(2 * Math.PI * nextDouble());
  }

  /** Returns a generator whose stream is unrelated to this one; moves this by one number. */
  public Generator split() {
    return new Generator(nextLong());
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
