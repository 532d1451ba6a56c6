package io.fulgur;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and switches of a {@link Trainer}, checked; {@code fastDevRun} has been applied.
 *
 * @param maxEpochs after how many epochs training ends; {@link #UNLIMITED} for never
 * @param minEpochs before how many epochs nothing may stop early
 * @param maxSteps after how many optimizer steps training ends; {@link #UNLIMITED} for never
 * @param minSteps before how many optimizer steps nothing may stop early
 * @param maxTime after how much time training ends, where no timer of the user's own decides; null
 *     for never
 * @param limitTrainBatches how much of the training data an epoch uses
 * @param limitValBatches how much of each validation loader is used
 * @param limitTestBatches how much of each test loader is used
 * @param limitPredictBatches how much of each loader to predict is used
 * @param overfitBatches how much of the training data is trained and validated on, unshuffled; zero
 *     unless wanted
 * @param fastDevRun how many batches of everything are tried; 0 for a real run
 * @param valCheckInterval after how much training validation runs
 * @param valCheckTime after how much time validation runs instead; null if not by time
 * @param valCheckAcrossEpochs whether the interval goes on counting over the end of an epoch
 * @param checkValEveryNEpoch in which epochs validation runs
 * @param numSanityValSteps how many validation batches are tried before training; -1 for all
 * @param logEveryNSteps how often step values go to the loggers; 0 for never
 * @param accumulateGradBatches over how many batches gradients are summed before a step
 * @param gradientClipVal the bound of gradients; 0 for none
 * @param gradientClipAlgorithm how they are bounded
 * @param detectAnomaly whether a loss that is not finite, or NaN in a gradient, ends the run
 * @param deterministic whether operators are looked at whose results may differ from run to run
 * @param inferenceMode whether evaluation and prediction run where no gradients can be recorded
 * @param reloadDataloadersEveryNEpochs how often loaders are made anew; 0 for once a fit
 * @param barebones whether nothing but training happens, to measure it
 * @param enableAutologHparams whether loggers get the hyperparameters when a fit begins
 * @param maxEpochsIsDefault whether nobody said when training ends, so that it is a guess
 * @param trial whether this only tries something out for another run, so that the module's own
 *     callbacks and the schedules have no part in it
 * @param defaultRootDir where files go for which no other place is given
 * @param nanoClock what time is measured with
 * @since 0.1
 */
public record TrainerOptions(
    int maxEpochs,
    int minEpochs,
    long maxSteps,
    long minSteps,
    @Nullable Duration maxTime,
    BatchLimit limitTrainBatches,
    BatchLimit limitValBatches,
    BatchLimit limitTestBatches,
    BatchLimit limitPredictBatches,
    BatchLimit overfitBatches,
    int fastDevRun,
    BatchLimit valCheckInterval,
    @Nullable Duration valCheckTime,
    boolean valCheckAcrossEpochs,
    int checkValEveryNEpoch,
    int numSanityValSteps,
    int logEveryNSteps,
    int accumulateGradBatches,
    double gradientClipVal,
    GradientClipAlgorithm gradientClipAlgorithm,
    boolean detectAnomaly,
    Determinism deterministic,
    boolean inferenceMode,
    int reloadDataloadersEveryNEpochs,
    boolean barebones,
    boolean enableAutologHparams,
    boolean maxEpochsIsDefault,
    boolean trial,
    Path defaultRootDir,
    LongSupplier nanoClock) {
  /** No limit, for {@link #maxEpochs} and {@link #maxSteps}. */
  public static final int UNLIMITED = -1;

  /** Returns the options of a run that tries something out. */
  TrainerOptions forTrial(int epochs, BatchLimit train, BatchLimit validation) {
    return new TrainerOptions(
        epochs,
        /* minEpochs= */ 0,
        UNLIMITED,
        /* minSteps= */ 0,
        /* maxTime= */ null,
        train,
        validation,
        limitTestBatches,
        limitPredictBatches,
        overfitBatches,
        fastDevRun,
        BatchLimit.ALL,
        /* valCheckTime= */ null,
        /* valCheckAcrossEpochs= */ false,
        /* checkValEveryNEpoch= */ 1,
        /* numSanityValSteps= */ 0,
        logEveryNSteps,
        accumulateGradBatches,
        gradientClipVal,
        gradientClipAlgorithm,
        /* detectAnomaly= */ false,
        deterministic,
        inferenceMode,
        /* reloadDataloadersEveryNEpochs= */ 0,
        barebones,
        /* enableAutologHparams= */ false,
        /* maxEpochsIsDefault= */ false,
        /* trial= */ true,
        defaultRootDir,
        nanoClock);
  }
}
