package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.FulgurException;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import io.fulgur.trainer.TestTrainers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparameterLoggingTest {
  @SaveHyperparameters
  static final class Model extends BoringModule {
    Model(int batchSize, String name, double rate) {}
  }

  @SaveHyperparameters
  static final class Data extends DataModule {
    Data(int batchSize, String name, String split) {}

    @Override
    public DataLoader trainLoader() {
      return BoringData.loader(1);
    }
  }

  private final RecordingLogger logger = new RecordingLogger();

  @Test
  void fit_moduleAndDataAgree_logsBoth() {
    TestTrainers.quiet(logger)
        .maxEpochs(1)
        .build()
        .fit(new Model(8, "a", 0.5), new Data(8, "a", "b"));

    assertThat(logger.hyperparameters().asMap())
        .isEqualTo(Map.of("batchSize", 8L, "name", "a", "rate", 0.5, "split", "b"));
  }

  @Test
  void fit_moduleAndDataDisagree_namesTheKeys() {
    Trainer trainer = TestTrainers.quiet(logger).maxEpochs(1).build();

    assertThatThrownBy(() -> trainer.fit(new Model(8, "a", 0.5), new Data(4, "c", "b")))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[HyperparameterMismatch] The module and the data module have hyperparameters of the"
                + " same name with different values: \"batchSize\" (8 and 4), \"name\" (a and c)."
                + " Rename one, or leave it out with @SaveHyperparameters(ignore = ...).");
    assertThat(trainer.globalStep()).isZero();
  }

  @Test
  void fit_autologOff_logsNone() {
    TestTrainers.quiet(logger)
        .maxEpochs(1)
        .enableAutologHparams(false)
        .build()
        .fit(new Model(8, "a", 0.5), new Data(4, "a", "b"));

    assertThat(logger.hyperparameters()).isNull();
  }
}
