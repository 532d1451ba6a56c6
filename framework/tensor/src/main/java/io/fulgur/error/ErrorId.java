package io.fulgur.error;

/**
 * Every kind of error that Fulgur reports.
 *
 * <p>One list for all modules, so that an identifier is never used twice and a user finds each in
 * one place. The label, e.g. {@code ShapeMismatch}, is stable; the wording of a message is not.
 *
 * @since 0.1
 */
public enum ErrorId {
  // Tensors
  SHAPE_MISMATCH("ShapeMismatch"),
  DTYPE_MISMATCH("DTypeMismatch"),
  INDEX_OUT_OF_RANGE("IndexOutOfRange"),
  INVALID_ARGUMENT("InvalidArgument"),
  NO_KERNEL("NoKernel"),
  NO_ENGINE("NoEngine"),
  KERNEL_FAILED("KernelFailed"),
  NOT_REPRODUCIBLE("NotReproducible"),
  NOT_DIFFERENTIABLE("NotDifferentiable"),
  NON_FINITE_GRADIENT("NonFiniteGradient"),
  GRAPH_ALREADY_USED("GraphAlreadyUsed"),
  MODIFIED_IN_PLACE("ModifiedInPlace"),
  PARAMETER_TAKEN_OVER("ParameterTakenOver"),
  TENSOR_RELEASED("TensorReleased"),

  // Modules, optimizers and schedules
  MISSING_FORWARD("MissingForward"),
  MODULE_STRUCTURE("ModuleStructure"),
  STATE_DICT_MISMATCH("StateDictMismatch"),
  INVALID_HYPERPARAMETER("InvalidHyperparameter"),
  OPTIMIZER_STATE_MISMATCH("OptimizerStateMismatch"),
  SCHEDULER_STATE_MISMATCH("SchedulerStateMismatch"),

  // Checkpoints and other files
  CHECKPOINT_NOT_FOUND("CheckpointNotFound"),
  CHECKPOINT_CORRUPT("CheckpointCorrupt"),
  CHECKPOINT_TOO_NEW("CheckpointTooNew"),
  CHECKPOINT_MISMATCH("CheckpointMismatch"),
  NOT_A_CHECKPOINT("NotACheckpoint"),
  STATE_MISMATCH("StateMismatch"),
  CANNOT_WRITE("CannotWrite"),
  DISK_FULL("DiskFull"),

  // Hyperparameters
  UNKNOWN_HYPERPARAMETER("UnknownHyperparameter"),
  UNSUPPORTED_HYPERPARAMETER("UnsupportedHyperparameter"),
  MISSING_HYPERPARAMETER("MissingHyperparameter"),
  HYPERPARAMETER_MISMATCH("HyperparameterMismatch"),
  INVALID_HYPERPARAMETER_FILE("InvalidHyperparameterFile"),

  // Data
  EMPTY_DATASET("EmptyDataset"),
  NO_BATCHES("NoBatches"),
  NO_LOADER("NoLoader"),
  NULL_SAMPLE("NullSample"),
  SAMPLES_DIFFER("SamplesDiffer"),
  DATASET_FAILED("DatasetFailed"),
  COLLATE_FAILED("CollateFailed"),
  NON_FINITE_DATA("NonFiniteData"),
  INVALID_CSV("InvalidCsv"),
  INVALID_DATA_FILE("InvalidDataFile"),
  FILE_UNREADABLE("FileUnreadable"),
  UNKNOWN_NAME("UnknownName"),
  INTERRUPTED("Interrupted"),
  LOADER_IN_USE("LoaderInUse"),
  LOADER_TIMEOUT("LoaderTimeout"),
  WORKER_START_FAILED("WorkerStartFailed"),

  // Annotated methods of modules
  INVALID_MODULE("InvalidModule"),
  MISSING_STEP("MissingStep"),
  MISSING_OPTIMIZERS("MissingOptimizers"),
  DECLARED_TWICE("DeclaredTwice"),
  NOT_AN_OVERRIDE("NotAnOverride"),
  STATIC_METHOD("StaticMethod"),
  GENERIC_METHOD("GenericMethod"),
  VARARGS_METHOD("VarargsMethod"),
  WRONG_PARAMETER("WrongParameter"),
  REPEATED_PARAMETER("RepeatedParameter"),
  AMBIGUOUS_INDEX("AmbiguousIndex"),
  WRONG_RETURN_TYPE("WrongReturnType"),
  NO_HOOK("NoHook"),
  PACKAGE_NOT_OPEN("PackageNotOpen"),
  MISSING_LOSS("MissingLoss"),
  LOSS_NOT_SCALAR("LossNotScalar"),
  NO_PREDICTION("NoPrediction"),
  NO_OPTIMIZER("NoOptimizer"),
  STEP_OF_OPTIMIZER("StepOfOptimizer"),
  NOT_MANUAL("NotManual"),
  CLOSURE_NOT_RUN("ClosureNotRun"),
  NO_SUCH_OUTPUT("NoSuchOutput"),

  // Constructors and their arguments
  HYPERPARAMETERS_NOT_CAPTURED("HyperparametersNotCaptured"),
  NO_SUCH_CONSTRUCTOR("NoSuchConstructor"),
  WRONG_ARGUMENT("WrongArgument"),

  // Trainer
  INVALID_OPTIONS("InvalidOptions"),
  ALREADY_RUNNING("AlreadyRunning"),
  NOT_RUNNING("NotRunning"),
  TERMINATED("Terminated"),
  NON_FINITE_LOSS("NonFiniteLoss"),
  TRAINING_SPIKE("TrainingSpike"),
  NO_CHECKPOINT("NoCheckpoint"),
  CALLBACK_FAILED("CallbackFailed"),
  LOGGER_FAILED("LoggerFailed"),
  NO_LOGGER("NoLogger"),
  ACTION_RUNNING("ActionRunning"),
  ACTION_NOT_RUNNING("ActionNotRunning"),
  PLUGIN_FAILED("PluginFailed"),
  DUPLICATE_STATE_KEY("DuplicateStateKey"),
  LOGGING_NOT_ALLOWED("LoggingNotAllowed"),
  INVALID_LOG_OPTIONS("InvalidLogOptions"),
  INVALID_LOGGED_VALUE("InvalidLoggedValue"),

  // Tuning and cross-validation
  NOT_TUNABLE("NotTunable"),
  TUNING_FAILED("TuningFailed"),
  SHARED_BETWEEN_FOLDS("SharedBetweenFolds"),
  MISSING_LIBRARY("MissingLibrary"),

  // Callbacks and loggers
  MONITOR_NOT_FOUND("MonitorNotFound"),
  UNKNOWN_METRIC("UnknownMetric"),
  INVALID_FILE_NAME("InvalidFileName");

  private final String label;

  ErrorId(String label) {
    this.label = label;
  }

  /** Returns the stable name as it stands in messages. */
  public String label() {
    return label;
  }
}
