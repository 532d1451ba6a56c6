package io.fulgur.crossvalidation;

import io.fulgur.data.DataModule;

/**
 * Makes the data module of a fold.
 *
 * <p>Whatever is fitted to data, such as {@link io.fulgur.data.Normalize}, must see {@link
 * Fold#train()} only: statistics of samples held out leak into training. {@link FoldBatches} does
 * so.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface FoldData {
  /**
   * Makes a data module that trains on {@link Fold#train()} and has {@link Fold#heldOut()} for the
   * kind of run that judges the fold.
   */
  DataModule of(Fold fold);
}
