package io.fulgur.data;

/**
 * Makes another sample of a sample. Called by several worker threads at once.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Transform {
  /** Returns the changed sample; the given one and its arrays stay as they are. */
  Sample apply(Sample sample);
}
