package io.fulgur.benchmarks.contestant;

/**
 * {@code transformer}: foretells each token from those before.
 *
 * <p>Embeddings of tokens and of positions, added; {@link #LAYERS} pre-norm blocks {@code x +
 * a(n(x))}, {@code x + f(n(x))} of causal self-attention and of linear, ReLU, linear; a layer norm;
 * a linear layer to the vocabulary. Everything has a bias, nothing drops out. Softmax cross-entropy
 * over all tokens, Adam as for a {@link Classifier}.
 *
 * <p>A. Vaswani et al., "Attention Is All You Need", 2017.
 */
public final class LanguageModel {
  public static final int VOCABULARY = 1000;
  public static final int TOKENS = 64;
  public static final int BATCH_SIZE = 32;
  public static final int WIDTH = 128;
  public static final int HEADS = 4;
  public static final int FEED_FORWARD = 512;
  public static final int LAYERS = 2;

  private LanguageModel() {}
}
