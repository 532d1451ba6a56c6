package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.HostBatch;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trying something out reads and transfers batches as the fit itself does. */
class TrialDataTest {
  private static final int STEPS = 13;

  /** Changes batches on their way, and brings its own data. */
  private static final class OwnData extends BoringModule {
    private final List<String> calls = new ArrayList<>();
    private final DataLoader train = BoringData.loader(4);
    private final DataLoader validation = BoringData.loader(2);

    @Override
    public DataLoader trainLoader() {
      return train;
    }

    @Override
    public DataLoader validationLoader() {
      return validation;
    }

    @Override
    public HostBatch onBeforeBatchTransfer(HostBatch batch, int dataloaderIndex) {
      calls.add("before");
      return batch;
    }

    @Override
    public Batch transferBatch(HostBatch batch, int dataloaderIndex) {
      calls.add("transfer");
      return super.transferBatch(batch, dataloaderIndex);
    }

    @Override
    public Batch onAfterBatchTransfer(Batch batch, int dataloaderIndex) {
      calls.add("after");
      return batch;
    }
  }

  /** Changes batches, too. */
  private static final class ChangingData extends DataModule {
    private int transfers;

    @Override
    public DataLoader trainLoader() {
      return BoringData.loader(4);
    }

    @Override
    public Batch transferBatch(HostBatch batch, int dataloaderIndex) {
      transfers++;
      return super.transferBatch(batch, dataloaderIndex);
    }
  }

  /** Lets a fit do nothing after the search. */
  private static final class EndsAtTheStart implements Callback {
    @Override
    public void onTrainStart(Trainer trainer, FulgurModule module) {
      throw new IllegalStateException("enough");
    }
  }

  private static LearningRateFinder finder() {
    return LearningRateFinder.builder()
        .numTrainingSteps(STEPS)
        .minLr(1e-6)
        .maxLr(1e-4)
        .updateAttribute(false)
        .earlyStopThreshold(1e9) // Losses of single samples differ by orders of magnitude.
        .build();
  }

  /** Searches by the callback in a fit that does nothing else, or by the tuner. */
  private static void search(boolean byTuner, OwnData module, DataModule data) {
    LearningRateFinder finder = finder();
    if (byTuner) {
      new Tuner(TestTrainers.quiet().build()).lrFind(module, data, finder);
    } else {
      Trainer trainer =
          TestTrainers.quiet().numSanityValSteps(0).callbacks(finder, new EndsAtTheStart()).build();
      assertThatThrownBy(() -> trainer.fit(module, data)).hasStackTraceContaining("enough");
    }
    assertThat(finder.result().orElseThrow().points()).hasSize(STEPS);
  }

  private static String warnings(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return caught.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void search_moduleChangesBatches_isCalledForEachAndNobodyIsWarned(boolean byTuner) {
    OwnData module = new OwnData();

    String told = warnings(() -> search(byTuner, module, DataModule.of(BoringData.loader(4))));

    assertThat(told).doesNotContain("both override");
    assertThat(module.calls).hasSize(3 * STEPS).startsWith("before", "transfer", "after");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void search_bothChangeBatches_isTheDataModulesAndWarnsByItsName(boolean byTuner) {
    OwnData module = new OwnData();
    ChangingData data = new ChangingData();

    String told = warnings(() -> search(byTuner, module, data));

    assertThat(told)
        .contains("ChangingData and OwnData both override transferBatch")
        .doesNotContain("TrialData");
    assertThat(data.transfers).isEqualTo(STEPS);
    assertThat(module.calls).hasSize(2 * STEPS).doesNotContain("transfer");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void search_moduleBringsItsData_readsCopiesOfItsLoaders(boolean byTuner) {
    OwnData module = new OwnData();
    String before = module.train.state().toString();

    search(byTuner, module, DataModule.builder().build());

    assertThat(module.calls).hasSize(3 * STEPS);
    assertThat(module.train.state()).hasToString(before);
  }

  @Test
  void batchSize_moduleBringsItsValidationData_isTriedOnItToo() {
    OwnData module = new OwnData();
    List<String> stages = new ArrayList<>();
    Trial trial = new Trial(TestTrainers.quiet().build(), module, DataModule.builder().build());

    trial.batches(
        2,
        new Callback() {
          @Override
          public void onValidationBatchStart(
              Trainer trainer,
              FulgurModule validated,
              Batch batch,
              int batchIndex,
              int dataloaderIndex) {
            stages.add(trainer.stage().toString());
          }
        });

    assertThat(stages).hasSize(2);
  }
}
