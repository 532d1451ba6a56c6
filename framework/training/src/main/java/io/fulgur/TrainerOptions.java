package io.fulgur;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and switches of a {@link Trainer}, checked: what was given for the rows of the table
 * of options, with the defaults that follow from others. {@code fastDevRun}, {@code overfitBatches}
 * and {@code barebones} have been applied.
 *
 * @since 0.1
 */
public final class TrainerOptions {
  /** No limit, for {@link #maxEpochs} and {@link #maxSteps}. */
  public static final int UNLIMITED = -1;

  private final OptionValues values;
  private final boolean maxEpochsIsDefault;
  private final boolean trial;
  private final LongSupplier nanoClock;

  // Those that the loops ask for at each batch are looked up once.
  private final int maxEpochs;
  private final long maxSteps;
  private final double gradientClipVal;
  private final GradientClipAlgorithm gradientClipAlgorithm;
  private final boolean detectAnomaly;
  private final boolean inferenceMode;

  /**
   * Makes a view of values that nobody changes any more.
   *
   * @param maxEpochsIsDefault whether nobody said when training ends
   * @param nanoClock what time is measured with
   */
  TrainerOptions(OptionValues values, boolean maxEpochsIsDefault, LongSupplier nanoClock) {
    this(values, maxEpochsIsDefault, /* trial= */ false, nanoClock);
  }

  private TrainerOptions(
      OptionValues values, boolean maxEpochsIsDefault, boolean trial, LongSupplier nanoClock) {
    this.values = values;
    this.maxEpochsIsDefault = maxEpochsIsDefault;
    this.trial = trial;
    this.nanoClock = nanoClock;
    this.maxEpochs = values.get(TrainerOptionTable.MAX_EPOCHS);
    this.maxSteps = values.get(TrainerOptionTable.MAX_STEPS);
    this.gradientClipVal = values.get(TrainerOptionTable.GRADIENT_CLIP_VAL);
    this.gradientClipAlgorithm = values.get(TrainerOptionTable.GRADIENT_CLIP_ALGORITHM);
    this.detectAnomaly = values.get(TrainerOptionTable.DETECT_ANOMALY);
    this.inferenceMode = values.get(TrainerOptionTable.INFERENCE_MODE);
  }

  /** Returns the options of a run that tries something out: it has neither minima nor extras. */
  TrainerOptions forTrial(int epochs, BatchLimit train, BatchLimit validation) {
    OptionValues tried = values.copy();
    tried.set(TrainerOptionTable.MAX_EPOCHS, epochs);
    tried.set(TrainerOptionTable.MIN_EPOCHS, 0);
    tried.unset(TrainerOptionTable.MAX_STEPS);
    tried.set(TrainerOptionTable.MIN_STEPS, 0L);
    tried.unset(TrainerOptionTable.MAX_TIME);
    tried.set(TrainerOptionTable.LIMIT_TRAIN_BATCHES, train.number());
    tried.set(TrainerOptionTable.LIMIT_VAL_BATCHES, validation.number());
    tried.unset(TrainerOptionTable.VAL_CHECK_INTERVAL);
    tried.unset(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS);
    tried.unset(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH);
    tried.set(TrainerOptionTable.NUM_SANITY_VAL_STEPS, 0);
    tried.unset(TrainerOptionTable.DETECT_ANOMALY);
    tried.unset(TrainerOptionTable.RELOAD_DATALOADERS_EVERY_N_EPOCHS);
    tried.set(TrainerOptionTable.ENABLE_AUTOLOG_HPARAMS, false);
    return new TrainerOptions(tried, /* maxEpochsIsDefault= */ false, /* trial= */ true, nanoClock);
  }

  /** Returns after how many epochs training ends; {@link #UNLIMITED} for never. */
  public int maxEpochs() {
    return maxEpochs;
  }

  /** Returns before how many epochs nothing may stop early. */
  public int minEpochs() {
    return values.get(TrainerOptionTable.MIN_EPOCHS);
  }

  /** Returns after how many optimizer steps training ends; {@link #UNLIMITED} for never. */
  public long maxSteps() {
    return maxSteps;
  }

  /** Returns before how many optimizer steps nothing may stop early. */
  public long minSteps() {
    return values.get(TrainerOptionTable.MIN_STEPS);
  }

  /**
   * Returns after how much time training ends, where no timer of the user's own decides; null for
   * never.
   */
  public @Nullable Duration maxTime() {
    return values.find(TrainerOptionTable.MAX_TIME);
  }

  /** Returns how much of the training data an epoch uses. */
  public BatchLimit limitTrainBatches() {
    return BatchLimit.of(values.get(TrainerOptionTable.LIMIT_TRAIN_BATCHES));
  }

  /** Returns how much of each validation loader is used. */
  public BatchLimit limitValBatches() {
    return BatchLimit.of(values.get(TrainerOptionTable.LIMIT_VAL_BATCHES));
  }

  /** Returns how much of each test loader is used. */
  public BatchLimit limitTestBatches() {
    return BatchLimit.of(values.get(TrainerOptionTable.LIMIT_TEST_BATCHES));
  }

  /** Returns how much of each loader to predict is used. */
  public BatchLimit limitPredictBatches() {
    return BatchLimit.of(values.get(TrainerOptionTable.LIMIT_PREDICT_BATCHES));
  }

  /**
   * Returns how much of the training data is trained and validated on, unshuffled; zero unless
   * wanted.
   */
  public BatchLimit overfitBatches() {
    return BatchLimit.of(values.get(TrainerOptionTable.OVERFIT_BATCHES));
  }

  /** Returns how many batches of everything are tried; 0 for a real run. */
  public int fastDevRun() {
    return values.get(TrainerOptionTable.FAST_DEV_RUN);
  }

  /** Returns after how much training validation runs; all of an epoch where time decides. */
  public BatchLimit valCheckInterval() {
    return interval() instanceof Number batches ? BatchLimit.of(batches) : BatchLimit.ALL;
  }

  /** Returns after how much time validation runs instead; null if not by time. */
  public @Nullable Duration valCheckTime() {
    return interval() instanceof Duration time ? time : null;
  }

  /** Returns whether the interval goes on counting over the end of an epoch. */
  public boolean valCheckAcrossEpochs() {
    return values.get(TrainerOptionTable.VAL_CHECK_ACROSS_EPOCHS);
  }

  /** Returns in which epochs validation runs. */
  public int checkValEveryNEpoch() {
    return values.get(TrainerOptionTable.CHECK_VAL_EVERY_N_EPOCH);
  }

  /** Returns how many validation batches are tried before training; -1 for all. */
  public int numSanityValSteps() {
    return values.get(TrainerOptionTable.NUM_SANITY_VAL_STEPS);
  }

  /** Returns how often step values go to the loggers; 0 for never. */
  public int logEveryNSteps() {
    return values.get(TrainerOptionTable.LOG_EVERY_N_STEPS);
  }

  /** Returns over how many batches gradients are summed before a step. */
  public int accumulateGradBatches() {
    return values.get(TrainerOptionTable.ACCUMULATE_GRAD_BATCHES);
  }

  /** Returns the bound of gradients; 0 for none. */
  public double gradientClipVal() {
    return gradientClipVal;
  }

  /** Returns how they are bounded. */
  public GradientClipAlgorithm gradientClipAlgorithm() {
    return gradientClipAlgorithm;
  }

  /** Returns whether a loss that is not finite, or NaN in a gradient, ends the run. */
  public boolean detectAnomaly() {
    return detectAnomaly;
  }

  /** Returns whether operators are looked at whose results may differ from run to run. */
  public Determinism deterministic() {
    return values.get(TrainerOptionTable.DETERMINISTIC);
  }

  /** Returns whether evaluation and prediction run where no gradients can be recorded. */
  public boolean inferenceMode() {
    return inferenceMode;
  }

  /** Returns how often loaders are made anew; 0 for once a fit. */
  public int reloadDataloadersEveryNEpochs() {
    return values.get(TrainerOptionTable.RELOAD_DATALOADERS_EVERY_N_EPOCHS);
  }

  /** Returns whether nothing but training happens, to measure it. */
  public boolean barebones() {
    return values.get(TrainerOptionTable.BAREBONES);
  }

  /** Returns whether loggers get the hyperparameters when a fit begins. */
  public boolean enableAutologHparams() {
    return values.get(TrainerOptionTable.ENABLE_AUTOLOG_HPARAMS);
  }

  /** Returns whether nobody said when training ends, so that {@link #maxEpochs} is a guess. */
  public boolean maxEpochsIsDefault() {
    return maxEpochsIsDefault;
  }

  /**
   * Returns whether this only tries something out for another run, so that the module's own
   * callbacks and the schedules have no part in it.
   */
  public boolean trial() {
    return trial;
  }

  /** Returns where files go for which no other place is given. */
  public Path defaultRootDir() {
    return values.get(TrainerOptionTable.DEFAULT_ROOT_DIR);
  }

  /** Returns what time is measured with. */
  public LongSupplier nanoClock() {
    return nanoClock;
  }

  private Object interval() {
    return values.get(TrainerOptionTable.VAL_CHECK_INTERVAL);
  }
}
