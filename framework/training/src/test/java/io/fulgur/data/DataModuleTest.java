package io.fulgur.data;

import static io.fulgur.data.TestDatasets.counting;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.RunKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
