package io.fulgur.callback.checkpoint;

import io.fulgur.callback.MonitorMode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link ModelCheckpoint} about what is kept and where, checked.
 *
 * @param monitor the metric by which checkpoints are ranked; null for none
 * @param mode which of its values are better
 * @param saveTopK how many to keep; -1 for all
 * @param saveLast whether one file is always the newest
 * @param saveOnException whether to save when training fails
 * @param saveWeightsOnly whether to leave out what a run needs to go on
 * @param saveOnTrainEpochEnd whether to save at the end of training epochs or of validations; null
 *     for what suits the trainer
 * @param fileName the names of checkpoints
 * @param lastFileName the name of the newest
 * @param dirPath where to save; null for the folder of the run
 * @param enableVersionCounter whether a file of the same name is kept
 * @param verbose whether to tell of each checkpoint
 */
record CheckpointOptions(
    @Nullable String monitor,
    MonitorMode mode,
    int saveTopK,
    SaveLast saveLast,
    boolean saveOnException,
    boolean saveWeightsOnly,
    @Nullable Boolean saveOnTrainEpochEnd,
    FileNameTemplate fileName,
    FileNameTemplate lastFileName,
    @Nullable Path dirPath,
    boolean enableVersionCounter,
    boolean verbose) {}
