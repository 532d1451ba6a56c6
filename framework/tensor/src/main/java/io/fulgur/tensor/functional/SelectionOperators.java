package io.fulgur.tensor.functional;

import io.fulgur.tensor.Operator;

/**
 * The operators behind {@link Selection} that {@link io.fulgur.tensor.Operators} does not have: all
 * write into memory that the caller gives.
 *
 * @since 0.1
 */
public final class SelectionOperators {
  /**
   * {@code x, index -> y}: {@code y[i][index[i][j][k]][k] = x[i][j][k]} for axis 1, the attribute;
   * of several for one place, the last.
   */
  public static final Operator SCATTER = Operator.of("scatter", Outputs::intoGiven);

  /** As {@link #SCATTER}, but folds into what is there; the attribute is a {@link Fold}. */
  public static final Operator SCATTER_REDUCE = Operator.of("scatterReduce", Outputs::intoGiven);

  /** {@code x, index[n] -> y}: {@code y[i][index[j]][k] = x[i][j][k]} for axis 1, the attribute. */
  public static final Operator INDEX_COPY = Operator.of("indexCopy", Outputs::intoGiven);

  private SelectionOperators() {}

  /** How to fold, along which axis: by product, maximum or minimum. */
  public record Fold(int axis, ScatterReduction reduction) {}
}
