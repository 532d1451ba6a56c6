package io.fulgur.callback;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link ModelCheckpoint}, checked.
 *
 * @param monitor the metric by which checkpoints are ranked; null for none
 * @param mode which of its values are better
 * @param everyNEpochs in which epochs to save; 0 for none
 * @param saveTopK how many to keep; -1 for all
 * @param saveLast whether one file is always the newest
 * @param dirPath where to save; null for the folder of the run
 * @param saveWeightsOnly whether to leave out what a run needs to go on
 * @param saveOnTrainEpochEnd whether to save at the end of training epochs or of validations; null
 *     for what suits the trainer
 * @param enableVersionCounter whether a file of the same name is kept
 */
record CheckpointOptions(
    @Nullable String monitor,
    MonitorMode mode,
    int everyNEpochs,
    int saveTopK,
    boolean saveLast,
    @Nullable Path dirPath,
    boolean saveWeightsOnly,
    @Nullable Boolean saveOnTrainEpochEnd,
    boolean enableVersionCounter) {}
