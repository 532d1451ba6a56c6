package io.fulgur.data;

import static io.fulgur.data.TestDatasets.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ModuleFactory;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataModuleTest {
  private final DataLoader one = DataLoader.builder(counting(1)).build();
  private final DataLoader two = DataLoader.builder(counting(2)).build();

  @Test
  void defaults_nothingOverridden_noLoadersAndNoState() {
    DataModule module = new DataModule() {};
    module.prepareData();
    module.setup(RunKind.FIT);
    module.loadState(module.saveState());
    module.teardown(RunKind.FIT);

    assertThat(module.validationLoaders()).isEmpty();
    assertThat(module.testLoaders()).isEmpty();
    assertThat(module.predictLoaders()).isEmpty();
    assertThat(module.saveState()).isEqualTo(Map.of());
  }

  @Test
  void loaders_singleOverridden_listOfIt() {
    DataModule module =
        new DataModule() {
          @Override
          public DataLoader validationLoader() {
            return one;
          }

          @Override
          public DataLoader testLoader() {
            return two;
          }

          @Override
          public DataLoader predictLoader() {
            return one;
          }
        };

    assertThat(module.validationLoaders()).containsExactly(one);
    assertThat(module.testLoaders()).containsExactly(two);
    assertThat(module.predictLoaders()).containsExactly(one);
  }

  @Test
  void builder_everyKind_asGiven() {
    DataModule module =
        DataModule.builder().train(one).validation(one, two).test(two).predict(two, one).build();

    assertThat(module.trainLoader()).isSameAs(one);
    assertThat(module.validationLoaders()).containsExactly(one, two);
    assertThat(module.testLoaders()).containsExactly(two);
    assertThat(module.predictLoaders()).containsExactly(two, one);
  }

  @Test
  void of_loaders_trainAndValidation() {
    DataModule module = DataModule.of(one, two);

    assertThat(module.trainLoader()).isSameAs(one);
    assertThat(module.validationLoaders()).isEqualTo(List.of(two));
    assertThat(module.testLoaders()).isEmpty();
  }

  @Test
  void fromDatasets_two_onlyTrainingIsShuffled() {
    DataModule module = DataModule.fromDatasets(counting(10), counting(6), 4);

    assertThat(module.trainLoader().isSequential()).isFalse();
    assertThat(module.trainLoader().length()).hasValue(3);
    assertThat(module.validationLoaders()).hasSize(1);
    assertThat(module.validationLoaders().get(0).isSequential()).isTrue();
    assertThat(module.validationLoaders().get(0).length()).hasValue(2);
  }

  @Test
  void builder_dataSets_shuffledForTrainingInBatches() {
    DataModule module =
        DataModule.builder()
            .batchSize(4)
            .workers(2)
            .train(counting(9))
            .validation(counting(5), counting(6))
            .test(counting(3))
            .predict(counting(2))
            .build();

    assertThat(module.trainLoader().isSequential()).isFalse();
    assertThat(module.trainLoader().length()).hasValue(3);
    assertThat(module.trainLoader().workers()).isEqualTo(2);
    assertThat(module.validationLoaders()).hasSize(2).allMatch(DataLoader::isSequential);
    assertThat(module.testLoaders().get(0).length()).hasValue(1);
    assertThat(module.predictLoaders().get(0).length()).hasValue(1);
  }

  @Test
  void transferHooks_notOverridden_tensorsOfTheBatch() {
    DataModule module = new DataModule() {};
    HostBatch host = one.iterator().next();

    assertThat(module.onBeforeBatchTransfer(host, 0)).isSameAs(host);
    Batch batch = module.transferBatch(host, 0);
    assertThat(batch.get("x").toLongArray()).containsExactly(0);
    assertThat(module.onAfterBatchTransfer(batch, 0)).isSameAs(batch);
  }

  /** Has what a checkpoint must bring back: arguments and a fitted transform. */
  @SaveHyperparameters
  static final class Fitted extends DataModule {
    final int batchSize;
    final String source;
    Map<String, Object> state = Map.of();

    Fitted(int batchSize, String source) {
      this.batchSize = batchSize;
      this.source = source;
    }

    @Override
    public Map<String, Object> saveState() {
      return state;
    }

    @Override
    public void loadState(Map<String, Object> saved) {
      state = saved;
    }
  }

  private static Path saved(Fitted module, Path folder) {
    Path file = folder.resolve("data.ckpt");
    new SafeTensorsCheckpointIO()
        .save(
            Checkpoint.builder()
                .dataModuleHyperparameters(module.hyperparameters())
                .state(
                    CheckpointKeys.DATA,
                    State.builder()
                        .put("module", new ObjectMapper().<JsonNode>valueToTree(module.saveState()))
                        .build())
                .build(),
            file);
    return file;
  }

  @Test
  void loadFromCheckpoint_savedModule_argumentsAndStateAreBack(@TempDir Path folder) {
    Fitted module = ModuleFactory.create(Fitted.class, Map.of("batchSize", 16, "source", "a.csv"));
    module.state = Map.of("mean", List.of(0.25, 0.5));
    Path file = saved(module, folder);

    Fitted same = DataModule.loadFromCheckpoint(Fitted.class, file);
    assertThat(same.batchSize).isEqualTo(16);
    assertThat(same.state).isEqualTo(module.state);
    assertThat(same).hasToString("Fitted{batchSize=16, source=a.csv}");
    Fitted other = DataModule.loadFromCheckpoint(Fitted.class, file, Map.of("source", "b.csv"));
    assertThat(other.source).isEqualTo("b.csv");
    assertThat(other.batchSize).isEqualTo(16);
    assertThatThrownBy(
            () -> DataModule.loadFromCheckpoint(Fitted.class, file, Map.of("colour", "red")))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.NO_SUCH_CONSTRUCTOR))
        .hasMessageContaining("data.ckpt")
        .hasMessageContaining("The checkpoint holds: {batchSize=16, source=a.csv}");
  }

  /** Has one weight to train. */
  static final class OneWeight extends FulgurModule {
    private final Linear layer = new Linear(1, 1);

    @Override
    public Tensor forward(Tensor x) {
      return layer.call(x);
    }

    @TrainingStep
    Tensor trainingStep(Batch batch) {
      return forward(batch.get("x")).mean();
    }

    @ConfigureOptimizers
    OptimizerPlan configureOptimizers() {
      return OptimizerPlan.of(SGD.of(parameters()));
    }
  }

  @Test
  void fit_annotatedButNotWoven_errorBeforeAnythingRuns() {
    List<String> calls = new ArrayList<>();
    @SaveHyperparameters
    class Unwoven extends DataModule {
      @Override
      public void prepareData() {
        calls.add("prepareData");
      }
    }

    assertThatThrownBy(() -> Trainer.builder().build().fit(new OneWeight(), new Unwoven()))
        .isInstanceOfSatisfying(
            FulgurException.class,
            e -> assertThat(e.id()).isEqualTo(ErrorId.HYPERPARAMETERS_NOT_CAPTURED));
    assertThat(calls).isEmpty();
  }
}
