package io.fulgur.data;

import io.fulgur.tensor.Generator;

/**
 * Makes a random variation of a sample. Called by several worker threads at once.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RandomTransform {
  /**
   * Returns the varied sample; the given one and its arrays stay as they are.
   *
   * @param random the only source of chance to use, so that runs can be repeated
   */
  Sample apply(Sample sample, Generator random);
}
