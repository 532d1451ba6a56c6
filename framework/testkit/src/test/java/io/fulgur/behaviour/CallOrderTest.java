package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ManualOptimizer;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.RecordingCallback;
import io.fulgur.trainer.TestTrainers;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that each kind of run calls, in order and in full. Calls of the module and of the data
 * module begin with their name, those of a callback that watches what was logged with {@code
 * monitor}, those of one that saves with {@code checkpoint}; the rest are those of an ordinary
 * callback.
 */
class CallOrderTest {
  private static final Set<String> NO_HOOKS =
      Set.of("state", "loadState", "stateKey", "order", "resumesByItself", "equals", "hashCode");

  private final List<String> calls = new ArrayList<>();

  /** Two training and two validation batches, of one or two loaders. */
  private class RecordedData extends DataModule {
    private final int loaders;

    RecordedData(int loaders) {
      this.loaders = loaders;
    }

    private List<DataLoader> loaders(String call) {
      calls.add("data." + call);
      List<DataLoader> all = new ArrayList<>();
      for (int i = 0; i < loaders; i++) {
        all.add(BoringData.loader(2));
      }
      return all;
    }

    @Override
    public void prepareData() {
      calls.add("data.prepareData");
    }

    @Override
    public void setup(RunKind kind) {
      calls.add("data.setup(" + kind.label() + ")");
    }

    @Override
    public void teardown(RunKind kind) {
      calls.add("data.teardown(" + kind.label() + ")");
    }

    @Override
    public void onException(Throwable failure) {
      calls.add("data.onException(" + failure.getMessage() + ")");
    }

    @Override
    public DataLoader trainLoader() {
      calls.add("data.trainLoader");
      return BoringData.loader(2);
    }

    @Override
    public List<DataLoader> validationLoaders() {
      return loaders("validationLoaders");
    }

    @Override
    public List<DataLoader> testLoaders() {
      return loaders("testLoaders");
    }

    @Override
    public List<DataLoader> predictLoaders() {
      return loaders("predictLoaders");
    }
  }

  /** Is called after the module at the end of an epoch. */
  private class Monitor implements Callback {
    @Override
    public Order order() {
      return Order.MONITOR;
    }

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      calls.add("monitor.onTrainEpochEnd");
    }
  }

  /** Is called last of all. */
  private CheckpointCallback saving() {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().endsWith("ModelPath")) {
            return null;
          }
          if (NO_HOOKS.contains(method.getName())) {
            return switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> InvocationHandler.invokeDefault(proxy, method, arguments);
            };
          }
          calls.add("checkpoint." + method.getName());
          return null;
        };
    return (CheckpointCallback)
        Proxy.newProxyInstance(
            CallOrderTest.class.getClassLoader(),
            new Class<?>[] {CheckpointCallback.class},
            handler);
  }

  private TrainerBuilder trainer() {
    return TestTrainers.quiet()
        .maxEpochs(1)
        .enableCheckpointing(true)
        .callback(saving())
        .callback(RecordingCallback.into(calls))
        .callback(new Monitor());
  }

  private void assertCalls(String golden) throws IOException {
    String file = "calls/" + golden + ".txt";
    try (InputStream stream = CallOrderTest.class.getResourceAsStream(file)) {
      assertThat(stream).as(file).isNotNull();
      String expected = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(String.join("\n", calls) + "\n").isEqualTo(expected);
    }
  }

  @Test
  void fit_oneEpoch_callsAllInOrder() throws IOException {
    trainer().build().fit(new RecordedModule(calls), new RecordedData(1));
    assertCalls("fit");
  }

  @Test
  void fit_accumulating_stepsAtTheEndOfTheWindow() throws IOException {
    trainer()
        .numSanityValSteps(0)
        .accumulateGradBatches(2)
        .build()
        .fit(new RecordedModule(calls), new RecordedData(0));
    assertCalls("fit_accumulating");
  }

  @Test
  void fit_resumed_restoresBeforeTraining(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("first.ckpt");
    Trainer first = TestTrainers.quiet().maxEpochs(1).build();
    first.fit(new RecordedModule(new ArrayList<>()), BoringData.module(2, 2));
    first.saveCheckpoint(path);

    trainer().maxEpochs(2).build().fit(new RecordedModule(calls), new RecordedData(1), path);
    assertCalls("fit_resumed");
  }

  @Test
  void fit_stopped_validatesOnceMoreAndEnds() throws IOException {
    Callback stopping =
        new Callback() {
          @Override
          public void onTrainBatchStart(
              Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
            trainer.stop();
          }
        };
    trainer()
        .maxEpochs(3)
        .numSanityValSteps(0)
        .callback(stopping)
        .build()
        .fit(new RecordedModule(calls), new RecordedData(1));
    assertCalls("fit_stopped");
  }

  /** Fails in its first step. */
  static class Failing extends RecordedModule {
    Failing(List<String> calls) {
      super(calls);
    }

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void fit_thatFails_tellsEverybodyAndTearsDown() throws IOException {
    assertThatThrownBy(
            () ->
                trainer().numSanityValSteps(0).build().fit(new Failing(calls), new RecordedData(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("on purpose");
    assertCalls("fit_failed");
  }

  /** Has an optimizer for the weights and one for the biases, the latter on every second batch. */
  static class Alternating extends RecordedModule {
    Alternating(List<String> calls) {
      super(calls);
    }

    @Override
    protected OptimizerPlan plan() {
      return OptimizerPlan.of("weight", SGD.of(List.of(parameters().get(0))).learningRate(0.1))
          .and("bias", SGD.of(List.of(parameters().get(1))).learningRate(0.1))
          .everyNBatches("bias", 2);
    }

    @Override
    @TrainingStep(optimizer = "weight")
    protected Tensor trainingStep(Batch batch, int batchIndex) {
      return super.trainingStep(batch, batchIndex);
    }

    @TrainingStep(optimizer = "bias")
    Tensor biasStep(Batch batch, int batchIndex) {
      record("biasStep(" + batchIndex + ")");
      return loss(batch);
    }
  }

  @Test
  void fit_severalOptimizers_takeTurns() throws IOException {
    trainer().numSanityValSteps(0).build().fit(new Alternating(calls), new RecordedData(0));
    assertCalls("fit_several_optimizers");
  }

  /** Steps its optimizer itself. */
  @ManualOptimization
  static class ByHand extends RecordedModule {
    ByHand(List<String> calls) {
      super(calls);
    }

    @Override
    protected Tensor trainingStep(Batch batch, int batchIndex) {
      record("trainingStep(" + batchIndex + ")");
      ManualOptimizer optimizer = manualOptimizers().get(0);
      Tensor loss = loss(batch);
      optimizer.zeroGrad();
      manualBackward(loss);
      optimizer.step();
      return loss;
    }
  }

  @Test
  void fit_byHand_callsTheHooksOfWhatTheStepDoes() throws IOException {
    trainer().numSanityValSteps(0).build().fit(new ByHand(calls), new RecordedData(0));
    assertCalls("fit_by_hand");
  }

  @Test
  void fit_withoutBatches_onlySetsUpAndTearsDown() throws IOException {
    trainer().limitTrainBatches(0).build().fit(new RecordedModule(calls), new RecordedData(1));
    assertCalls("fit_nothing");
  }

  @Test
  void validate_callsAllInOrder() throws IOException {
    trainer().build().validate(new RecordedModule(calls), new RecordedData(1));
    assertCalls("validate");
  }

  @Test
  void test_severalLoaders_callsAllInOrderOfLoaders() throws IOException {
    trainer().build().test(new RecordedModule(calls), new RecordedData(2));
    assertCalls("test_several_loaders");
  }

  @Test
  void predict_severalLoaders_callsAllInOrderOfLoaders() throws IOException {
    trainer().build().predict(new RecordedModule(calls), new RecordedData(2));
    assertCalls("predict_several_loaders");
  }
}
