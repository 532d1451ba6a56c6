package io.fulgur.tensor.functional;

/**
 * How {@link Selection#scatterReduce} folds the elements that go to one place.
 *
 * @since 0.1
 */
public enum ScatterReduction {
  /** Their sum. */
  SUM,
  /** Their mean; of integers rounded towards zero. */
  MEAN,
  /** Their product. */
  PRODUCT,
  /** The largest; equal ones share the gradient. */
  MAX,
  /** The smallest; equal ones share the gradient. */
  MIN
}
