package io.fulgur.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.data.DataModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that are not files where the callback believes them to be. */
class KeptElsewhereTest {
  @TempDir Path folder;

  @Test
  void validate_last_isFoundWhereTheCheckpointIOKeepsIt() {
    ModelCheckpoint saving = ModelCheckpoint.builder().dirPath(folder).saveLast(true).build();
    Trainer trainer =
        TestTrainers.quiet()
            .enableCheckpointing(true)
            .maxEpochs(1)
            .callback(saving)
            .checkpointIO(new VaultPlugin.VaultIO(folder.resolve("vault")))
            .build();
    DataModule data = BoringData.module(2, 2);
    BoringModule trained = new BoringModule();
    trainer.fit(trained, data);

    assertThat(saving.lastModelPath()).isNotNull().doesNotExist();
    assertThat(trainer.validate(new BoringModule(), data, "last"))
        .isEqualTo(trainer.validate(trained, data));
  }
}
