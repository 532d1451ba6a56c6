package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpiralClassifierTest {
  @TempDir Path folder;

  @Test
  void fit_learnsTheSpirals() {
    Fulgur.seedEverything(1);
    Trainer trainer =
        Trainer.builder()
            .maxEpochs(30)
            .logEveryNSteps(10)
            .enableProgressBar(false)
            .defaultRootDir(folder)
            .build();
    SpiralClassifier model = new SpiralClassifier(64, 5e-3);
    SpiralData data = new SpiralData(32);

    trainer.fit(model, data);

    assertTrue(trainer.validate(model, data).get(0).get("val_acc") > 0.9);
    assertEquals(64, model.hparams().get("hidden", Integer.class));
  }
}
