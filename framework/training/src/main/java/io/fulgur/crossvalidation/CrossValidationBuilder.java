package io.fulgur.crossvalidation;

import io.fulgur.RunKind;
import io.fulgur.TrainerBuilder;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link CrossValidation} is to be like.
 *
 * @since 0.1
 */
public final class CrossValidationBuilder {
  private static final int DEFAULT_FOLDS = 5;

  private Folds folds = KFold.of(DEFAULT_FOLDS);
  private @Nullable Supplier<? extends FulgurModule> module;
  private @Nullable Supplier<TrainerBuilder> trainer;
  private @Nullable FoldData data;
  private RunKind evaluation = RunKind.TEST;
  private @Nullable Long seed;
  private Path rootDir = Path.of("");
  private Consumer<FoldRun> afterFold = run -> {};

  CrossValidationBuilder() {}

  private CrossValidationBuilder(CrossValidationBuilder other) {
    folds = other.folds;
    module = other.module;
    trainer = other.trainer;
    data = other.data;
    evaluation = other.evaluation;
    seed = other.seed;
    rootDir = other.rootDir;
    afterFold = other.afterFold;
  }

  /** Sets how samples are divided; {@code KFold.of(5)} by default. */
  public CrossValidationBuilder folds(Folds division) {
    folds = division;
    return this;
  }

  /** Sets what makes the module of each fold. Must be called. */
  public CrossValidationBuilder module(Supplier<? extends FulgurModule> factory) {
    module = factory;
    return this;
  }

  /**
   * Sets what describes the trainer of each fold, with callbacks and loggers made for it. Must be
   * called. Its {@code defaultRootDir} is replaced by the fold's folder.
   */
  public CrossValidationBuilder trainer(Supplier<TrainerBuilder> factory) {
    trainer = factory;
    return this;
  }

  /** Sets what makes the data module of each fold, e.g. {@link FoldBatches}. Must be called. */
  public CrossValidationBuilder data(FoldData factory) {
    data = factory;
    return this;
  }

  /**
   * Sets by which kind of run a fold is judged, {@link RunKind#TEST}, the default, or {@link
   * RunKind#VALIDATE}: its loaders must read the samples held out.
   */
  public CrossValidationBuilder evaluation(RunKind kind) {
    evaluation = kind;
    return this;
  }

  /**
   * Sets the seed of this thread's random numbers at the start of every fold, so that all begin
   * with the same weights. By default they go on from wherever they are.
   */
  public CrossValidationBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Sets the folder of the folds' folders; the working directory by default. */
  public CrossValidationBuilder defaultRootDir(Path directory) {
    rootDir = directory;
    return this;
  }

  /** Sets what is done after each fold, such as predicting for the samples held out. */
  public CrossValidationBuilder afterFold(Consumer<FoldRun> action) {
    afterFold = action;
    return this;
  }

  /**
   * Makes the cross-validation.
   *
   * @throws io.fulgur.error.FulgurException that lists everything that is missing or contradictory
   */
  public CrossValidation build() {
    OptionMistakes mistakes = new OptionMistakes("CrossValidation");
    mistakes.require(
        module != null, "There is no module. Set it: module(() -> new Classifier(...)).");
    mistakes.require(
        trainer != null, "There is no trainer. Set it: trainer(() -> Trainer.builder()...).");
    mistakes.require(data != null, "There is no data. Set it: data(FoldBatches.of(32)).");
    mistakes.require(
        evaluation == RunKind.TEST || evaluation == RunKind.VALIDATE,
        "evaluation is " + evaluation + ". It must be TEST or VALIDATE.");
    mistakes.require(
        evaluation != RunKind.VALIDATE
            || !(data instanceof FoldBatches batches)
            || batches.validatesOnHeldOut(),
        "evaluation is VALIDATE, but FoldBatches.validation takes samples to train on for that."
            + " Use TEST, which reads the samples held out.");
    mistakes.throwIfAny();
    return new CrossValidation(new CrossValidationBuilder(this));
  }

  Folds folds() {
    return folds;
  }

  FulgurModule newModule() {
    return Objects.requireNonNull(module).get();
  }

  TrainerBuilder newTrainer() {
    return Objects.requireNonNull(trainer).get();
  }

  FoldData data() {
    return Objects.requireNonNull(data);
  }

  RunKind evaluation() {
    return evaluation;
  }

  @Nullable Long seed() {
    return seed;
  }

  Path rootDir() {
    return rootDir;
  }

  Consumer<FoldRun> afterFold() {
    return afterFold;
  }
}
