package io.fulgur.crossvalidation;

import io.fulgur.Trainer;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;

/**
 * A fold that has been trained and judged; the module has the weights that were judged.
 *
 * @param fold the division of the samples
 * @param trainer what trained it
 * @param module what was trained
 * @param data what it was trained on and judged by
 * @param result what came of it
 * @since 0.1
 */
public record FoldRun(
    Fold fold, Trainer trainer, FulgurModule module, DataModule data, FoldResult result) {}
