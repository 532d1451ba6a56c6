package io.fulgur.behaviour;

import io.fulgur.GradientClipAlgorithm;
import io.fulgur.RunKind;
import io.fulgur.RunningStage;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.data.Batch;
import io.fulgur.data.HostBatch;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepClosure;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.TrainingModes;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.schedule.LearningRateScheduler;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringModule;
import java.util.List;

/** Records every method of a module that a run calls, in the order in which they begin. */
class RecordedModule extends BoringModule {
  private final List<String> calls;

  RecordedModule(List<String> calls) {
    this.calls = calls;
  }

  final void record(String call) {
    calls.add("module." + call);
  }

  // ---------------------------------------------------------------- steps and what is made

  @On(Hook.CONFIGURE_CALLBACKS)
  List<Callback> configureCallbacks() {
    record("configureCallbacks");
    return List.of();
  }

  @Override
  protected OptimizerPlan configureOptimizers() {
    record("configureOptimizers");
    return super.configureOptimizers();
  }

  @Override
  protected Tensor trainingStep(Batch batch, int batchIndex) {
    record("trainingStep(" + batchIndex + ")");
    return super.trainingStep(batch, batchIndex);
  }

  @Override
  protected void validationStep(Batch batch) {
    record("validationStep");
    super.validationStep(batch);
  }

  @Override
  protected void testStep(Batch batch) {
    record("testStep");
    super.testStep(batch);
  }

  @Override
  protected Tensor predictStep(Batch batch) {
    record("predictStep");
    return super.predictStep(batch);
  }

  // ---------------------------------------------------------------- parts that are replaced

  @Override
  protected void backward(Tensor loss) {
    record("backward");
    super.backward(loss);
  }

  @Override
  protected void optimizerStep(Optimizer optimizer, StepClosure closure) {
    record("optimizerStep");
    super.optimizerStep(optimizer, closure);
  }

  @Override
  protected void optimizerZeroGrad(Optimizer optimizer) {
    record("optimizerZeroGrad");
    super.optimizerZeroGrad(optimizer);
  }

  @Override
  protected void configureGradientClipping(
      Optimizer optimizer, double gradientClipVal, GradientClipAlgorithm algorithm) {
    record("configureGradientClipping");
    super.configureGradientClipping(optimizer, gradientClipVal, algorithm);
  }

  @Override
  protected void lrSchedulerStep(LearningRateScheduler scheduler) {
    record("lrSchedulerStep");
    super.lrSchedulerStep(scheduler);
  }

  @Override
  protected void modelEval(RunningStage stage) {
    record("modelEval");
    super.modelEval(stage);
  }

  @Override
  protected void modelTrain(RunningStage stage, TrainingModes before) {
    record("modelTrain");
    super.modelTrain(stage, before);
  }

  @Override
  protected void validationModelZeroGrad() {
    record("validationModelZeroGrad");
    super.validationModelZeroGrad();
  }

  @Override
  public HostBatch onBeforeBatchTransfer(HostBatch batch, int dataloaderIndex) {
    record("onBeforeBatchTransfer(" + dataloaderIndex + ")");
    return super.onBeforeBatchTransfer(batch, dataloaderIndex);
  }

  @Override
  public Batch transferBatch(HostBatch batch, int dataloaderIndex) {
    record("transferBatch(" + dataloaderIndex + ")");
    return super.transferBatch(batch, dataloaderIndex);
  }

  @Override
  public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
    record("onAfterBatchTransfer(" + dataloaderIndex + ")");
    return super.onAfterBatchTransfer(batch, dataloaderIndex);
  }

  // ---------------------------------------------------------------- hooks

  @On(Hook.PREPARE_DATA)
  void prepareData() {
    record("prepareData");
  }

  @On(Hook.CONFIGURE_MODEL)
  void configureModel() {
    record("configureModel");
  }

  @On(Hook.FIT_START)
  void onFitStart() {
    record("onFitStart");
  }

  @On(Hook.FIT_END)
  void onFitEnd() {
    record("onFitEnd");
  }

  @On(Hook.SANITY_CHECK_START)
  void onSanityCheckStart() {
    record("onSanityCheckStart");
  }

  @On(Hook.SANITY_CHECK_END)
  void onSanityCheckEnd() {
    record("onSanityCheckEnd");
  }

  @On(Hook.TRAIN_START)
  void onTrainStart() {
    record("onTrainStart");
  }

  @On(Hook.TRAIN_END)
  void onTrainEnd() {
    record("onTrainEnd");
  }

  @On(Hook.TRAIN_EPOCH_START)
  void onTrainEpochStart() {
    record("onTrainEpochStart");
  }

  @On(Hook.TRAIN_EPOCH_END)
  void onTrainEpochEnd() {
    record("onTrainEpochEnd");
  }

  @On(Hook.VALIDATION_START)
  void onValidationStart() {
    record("onValidationStart");
  }

  @On(Hook.VALIDATION_END)
  void onValidationEnd() {
    record("onValidationEnd");
  }

  @On(Hook.VALIDATION_EPOCH_START)
  void onValidationEpochStart() {
    record("onValidationEpochStart");
  }

  @On(Hook.VALIDATION_EPOCH_END)
  void onValidationEpochEnd() {
    record("onValidationEpochEnd");
  }

  @On(Hook.TEST_START)
  void onTestStart() {
    record("onTestStart");
  }

  @On(Hook.TEST_END)
  void onTestEnd() {
    record("onTestEnd");
  }

  @On(Hook.TEST_EPOCH_START)
  void onTestEpochStart() {
    record("onTestEpochStart");
  }

  @On(Hook.TEST_EPOCH_END)
  void onTestEpochEnd() {
    record("onTestEpochEnd");
  }

  @On(Hook.PREDICT_START)
  void onPredictStart() {
    record("onPredictStart");
  }

  @On(Hook.PREDICT_END)
  void onPredictEnd() {
    record("onPredictEnd");
  }

  @On(Hook.PREDICT_EPOCH_START)
  void onPredictEpochStart() {
    record("onPredictEpochStart");
  }

  @On(Hook.PREDICT_EPOCH_END)
  void onPredictEpochEnd() {
    record("onPredictEpochEnd");
  }

  @On(Hook.AFTER_BACKWARD)
  void onAfterBackward() {
    record("onAfterBackward");
  }

  @On(Hook.SETUP)
  void setup(RunKind kind) {
    record("setup(" + kind.label() + ")");
  }

  @On(Hook.TEARDOWN)
  void teardown(RunKind kind) {
    record("teardown(" + kind.label() + ")");
  }

  @On(Hook.TRAIN_BATCH_START)
  void onTrainBatchStart(Batch batch, int batchIndex) {
    record("onTrainBatchStart(" + batchIndex + ")");
  }

  @On(Hook.TRAIN_BATCH_END)
  void onTrainBatchEnd(StepOutput output, Batch batch, int batchIndex) {
    record("onTrainBatchEnd(" + batchIndex + ")");
  }

  @On(Hook.VALIDATION_BATCH_START)
  void onValidationBatchStart(Batch batch, int batchIndex, int dataloaderIndex) {
    record("onValidationBatchStart(" + batchIndex + ", " + dataloaderIndex + ")");
  }

  @On(Hook.VALIDATION_BATCH_END)
  void onValidationBatchEnd(Batch batch, int batchIndex, int dataloaderIndex) {
    record("onValidationBatchEnd(" + batchIndex + ", " + dataloaderIndex + ")");
  }

  @On(Hook.TEST_BATCH_START)
  void onTestBatchStart(Batch batch, int batchIndex, int dataloaderIndex) {
    record("onTestBatchStart(" + batchIndex + ", " + dataloaderIndex + ")");
  }

  @On(Hook.TEST_BATCH_END)
  void onTestBatchEnd(Batch batch, int batchIndex, int dataloaderIndex) {
    record("onTestBatchEnd(" + batchIndex + ", " + dataloaderIndex + ")");
  }

  @On(Hook.PREDICT_BATCH_START)
  void onPredictBatchStart(Batch batch, int batchIndex, int dataloaderIndex) {
    record("onPredictBatchStart(" + batchIndex + ", " + dataloaderIndex + ")");
  }

  @On(Hook.PREDICT_BATCH_END)
  void onPredictBatchEnd(Batch batch, int batchIndex, int dataloaderIndex) {
    record("onPredictBatchEnd(" + batchIndex + ", " + dataloaderIndex + ")");
  }

  @On(Hook.BEFORE_ZERO_GRAD)
  void onBeforeZeroGrad(Optimizer optimizer) {
    record("onBeforeZeroGrad");
  }

  @On(Hook.BEFORE_OPTIMIZER_STEP)
  void onBeforeOptimizerStep(Optimizer optimizer) {
    record("onBeforeOptimizerStep");
  }

  @On(Hook.BEFORE_BACKWARD)
  void onBeforeBackward(Tensor loss) {
    record("onBeforeBackward");
  }

  @On(Hook.SAVE_CHECKPOINT)
  void onSaveCheckpoint(Checkpoint.Builder checkpoint) {
    record("onSaveCheckpoint");
  }

  @On(Hook.LOAD_CHECKPOINT)
  void onLoadCheckpoint(Checkpoint checkpoint) {
    record("onLoadCheckpoint");
  }

  @On(Hook.EXCEPTION)
  void onException(Throwable failure) {
    record("onException(" + failure.getMessage() + ")");
  }
}
