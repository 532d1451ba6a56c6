package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReloadDataloadersTest {
  /** Makes loaders that grow by a batch each time, shuffled by a seed of their own. */
  private static final class Growing extends DataModule {
    final List<String> asked = new ArrayList<>();
    private int made;

    @Override
    public DataLoader trainLoader() {
      asked.add("train");
      return DataLoader.builder(BoringData.dataset(2 + made++)).shuffle(true).build();
    }

    @Override
    public DataLoader validationLoader() {
      asked.add("validation");
      return BoringData.loader(2);
    }
  }

  private static TrainerBuilder every(int epochs) {
    return TestTrainers.quiet().reloadDataloadersEveryNEpochs(epochs);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 5", "2, 3", "3, 2", "9, 1"})
  void fit_fiveEpochs_loadsTrainingAndValidationThatOften(int every, int loads) {
    Growing data = new Growing();
    every(every).maxEpochs(5).build().fit(new BoringModule(), data);

    assertThat(data.asked).containsOnly("train", "validation").hasSize(2 * loads);
  }

  @Test
  void fit_newLoader_hasItsOwnLength() {
    Growing data = new Growing();
    Trainer trainer = every(2).maxEpochs(4).valCheckInterval(0.5).build();
    trainer.fit(new BoringModule(), data);

    assertThat(trainer.globalStep()).isEqualTo(2 + 2 + 3 + 3);
    assertThat(trainer.numTrainingBatches()).isEqualTo(3);
  }

  /** Loaders without a seed draw one when they are made, so this needs them made at equal times. */
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void fit_resumedAfterAnyEpoch_learnsTheSame(int stop, @TempDir Path folder) {
    Fulgur.seedEverything(3);
    BoringModule whole = new BoringModule();
    every(2).maxEpochs(4).build().fit(whole, steady());

    Fulgur.seedEverything(3);
    BoringModule first = new BoringModule();
    every(2)
        .maxEpochs(stop)
        .enableCheckpointing(true)
        .callback(ModelCheckpoint.builder().dirPath(folder).fileName("half").build())
        .build()
        .fit(first, steady());
    Fulgur.seedEverything(99);
    BoringModule second = new BoringModule();
    every(2).maxEpochs(4).build().fit(second, steady(), folder.resolve("half.ckpt"));

    assertThat(second.parameters().get(0).toFloatArray())
        .isEqualTo(whole.parameters().get(0).toFloatArray());
  }

  private static DataModule steady() {
    return new DataModule() {
      @Override
      public DataLoader trainLoader() {
        return DataLoader.builder(BoringData.dataset(6)).shuffle(true).build();
      }
    };
  }
}
