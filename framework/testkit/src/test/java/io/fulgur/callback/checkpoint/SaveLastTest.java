package io.fulgur.callback.checkpoint;

import static io.fulgur.callback.checkpoint.CheckpointRuns.files;
import static io.fulgur.callback.checkpoint.CheckpointRuns.step;
import static io.fulgur.callback.checkpoint.CheckpointRuns.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.ScriptedModule;
import io.fulgur.callback.checkpoint.CheckpointRuns.Saves;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checkpoint that is always the newest. */
class SaveLastTest {
  @TempDir private Path dir;

  private ModelCheckpointBuilder linking() {
    return ModelCheckpoint.builder()
        .dirPath(dir)
        .monitor("val_loss")
        .fileName("{epoch}")
        .saveLast(SaveLast.LINK);
  }

  private Path file(String name) {
    return dir.resolve(name + ".ckpt").toAbsolutePath().normalize();
  }

  /** Looks after each epoch whether the last one can be read, and is the newest. */
  private final class LastIsNewest implements Callback {
    private int looks;

    @Override
    public Order order() {
      return Order.ORDINARY;
    }

    @Override
    public void onTrainEpochStart(Trainer trainer, FulgurModule module) {
      if (trainer.globalStep() > 0) {
        assertThat(step(file("last"))).isEqualTo(trainer.globalStep());
        looks++;
      }
    }
  }

  @Test
  void fit_link_isARelativeLinkToTheNewest() throws IOException {
    LastIsNewest look = new LastIsNewest();
    trainer(3, linking().build(), look)
        .build()
        .fit(new ScriptedModule(3, 2, 1), BoringData.module(5, 1));

    assertThat(look.looks).isEqualTo(2);
    assertThat(files(dir)).isEqualTo("epoch=2 last");
    assertThat(Files.readSymbolicLink(file("last"))).isEqualTo(Path.of("epoch=2.ckpt"));
  }

  @Test
  void fit_linkAndNewestNotAmongTheBest_isAFileThatHoldsTheNewest() throws IOException {
    LastIsNewest look = new LastIsNewest();
    trainer(4, linking().build(), look)
        .build()
        .fit(new ScriptedModule(3, 4, 2, 5), BoringData.module(5, 1));

    assertThat(look.looks).isEqualTo(3);
    assertThat(files(dir)).isEqualTo("epoch=2 last");
    assertThat(Files.isSymbolicLink(file("last"))).isFalse();
    assertThat(step(file("epoch=2"))).isEqualTo(15);
    assertThat(step(file("last"))).isEqualTo(20);
  }

  @Test
  void fit_resumedFromALink_keepsWhatItStandsFor() {
    trainer(1, linking().build()).build().fit(new ScriptedModule(3), BoringData.module(5, 1));
    ModelCheckpoint checkpoint = linking().build();
    trainer(2, checkpoint).build().fit(new ScriptedModule(3, 2), BoringData.module(5, 1), "last");

    assertThat(files(dir)).isEqualTo("epoch=0 epoch=1 last");
    assertThat(step(file("last"))).isEqualTo(10);
    assertThat(checkpoint.lastModelPath()).isEqualTo(file("last"));
  }

  @Test
  void fit_folderOfALinkMoved_canStillBeRead() throws IOException {
    trainer(1, linking().dirPath(dir.resolve("a")).build())
        .build()
        .fit(new ScriptedModule(3), BoringData.module(5, 1));
    Path moved = Files.move(dir.resolve("a"), dir.resolve("b"));

    assertThat(step(moved.resolve("last.ckpt"))).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "LINK"})
  void fit_noneButTheLastTwice_areRealFilesOfEachRun(SaveLast how) {
    for (int run = 0; run < 2; run++) {
      ModelCheckpoint checkpoint =
          ModelCheckpoint.builder().dirPath(dir).saveTopK(0).saveLast(how).build();
      Saves saves = new Saves();
      trainer(2, checkpoint, saves).build().fit(new ScriptedModule(2, 1), BoringData.module(5, 1));
      // Once an epoch, not only at the end: a crash loses an epoch at most.
      assertThat(saves.names).containsExactly("0@5", "1@10");
    }

    assertThat(files(dir)).isEqualTo("last last-v1");
    assertThat(Files.isSymbolicLink(file("last"))).isFalse();
    assertThat(Files.isSymbolicLink(file("last-v1"))).isFalse();
  }

  @Test
  void fit_alsoKeptUnderItsName_isGatheredOnce() throws IOException {
    Saves saves = new Saves();
    trainer(
            2,
            ModelCheckpoint.builder().dirPath(dir).fileName("newest").saveLast(true).build(),
            saves)
        .build()
        .fit(new ScriptedModule(2, 1), BoringData.module(5, 1));

    assertThat(saves.names).containsExactly("0@5", "1@10");
    assertThat(Files.mismatch(file("newest"), file("last"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "{epoch}-end, epoch=1-end",
    "newest, newest",
    "last-{val_loss:.1f}, last-val_loss=1.0"
  })
  void fit_lastFileName_isATemplateOfWhichOneIsKept(String template, String expected) {
    ModelCheckpoint checkpoint = linking().saveLast(true).lastFileName(template).build();
    trainer(2, checkpoint).build().fit(new ScriptedModule(2, 1), BoringData.module(5, 1));

    assertThat(files(dir)).isEqualTo("epoch=1 " + expected);
    assertThat(checkpoint.lastModelPath()).isEqualTo(file(expected));
    assertThat(linking().lastFileName(template).build().lastModelPath()).isEqualTo(file(expected));
  }

  @Test
  void lastModelPath_linkToNothing_isNoCheckpoint() throws IOException {
    Files.createSymbolicLink(file("last"), Path.of("gone.ckpt"));

    assertThat(linking().build().lastModelPath()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fit_folderHoldsAnUnreadableLast_isNotHarmed(boolean link) throws IOException {
    Files.writeString(file("last"), "of someone else");
    trainer(1, linking().saveLast(link ? SaveLast.LINK : SaveLast.FILE).build())
        .build()
        .fit(new ScriptedModule(3), BoringData.module(5, 1));

    assertThat(file("last")).hasContent("of someone else");
    assertThat(files(dir)).isEqualTo("epoch=0 last last-v1");
  }
}
