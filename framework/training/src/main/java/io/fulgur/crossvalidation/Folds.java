package io.fulgur.crossvalidation;

import io.fulgur.data.Dataset;
import java.util.List;

/**
 * A way to divide samples into what is trained on and what is held out, several times over.
 *
 * <p>{@link KFold} is the usual one; others, such as of time series, are written with {@link
 * Fold#of}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Folds {
  /**
   * Divides samples.
   *
   * @return the divisions, at least one
   * @throws io.fulgur.error.FulgurException if there are too few samples
   */
  List<Fold> split(Dataset dataset);
}
