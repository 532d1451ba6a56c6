package io.fulgur.benchmarks.contestant;

import java.util.SplittableRandom;

/**
 * Random text to foretell, the same for every contestant.
 *
 * <p>After each token comes, in seven of ten cases, the one that a random table names, else any.
 */
public final class TokenData {
  /** Different batches; too many to be learnt by heart while a benchmark runs. */
  public static final int BATCHES = 256;

  private static final double NOISE = 0.3;

  private final long[][] inputs = new long[BATCHES][];
  private final long[][] targets = new long[BATCHES][];

  public TokenData() {
    SplittableRandom random = new SplittableRandom(20_260_102);
    int[] following = random.ints(LanguageModel.VOCABULARY, 0, LanguageModel.VOCABULARY).toArray();
    int size = LanguageModel.BATCH_SIZE * LanguageModel.TOKENS;
    for (int batch = 0; batch < BATCHES; batch++) {
      inputs[batch] = new long[size];
      targets[batch] = new long[size];
      for (int i = 0; i < size; i++) {
        boolean first = i % LanguageModel.TOKENS == 0;
        int token = first ? random.nextInt(LanguageModel.VOCABULARY) : (int) targets[batch][i - 1];
        inputs[batch][i] = token;
        targets[batch][i] =
            random.nextDouble() < NOISE
                ? random.nextInt(LanguageModel.VOCABULARY)
                : following[token];
      }
    }
  }

  /** The batch for a step, from 0 to {@link #BATCHES}. */
  public static int batch(int step) {
    return step % BATCHES;
  }

  /** Tokens, row-major {@code [BATCH_SIZE, TOKENS]}. */
  public long[] inputs(int batch) {
    return inputs[batch].clone();
  }

  /** What follows each token, row-major {@code [BATCH_SIZE, TOKENS]}. */
  public long[] targets(int batch) {
    return targets[batch].clone();
  }
}
