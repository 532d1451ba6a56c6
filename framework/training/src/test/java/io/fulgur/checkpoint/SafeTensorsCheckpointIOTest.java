package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.nn.Linear;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsCheckpointIOTest {
  private final CheckpointIO io = new SafeTensorsCheckpointIO();
  @TempDir Path folder;

  private static Checkpoint.Builder example() {
    State adam =
        State.builder()
            .put("steps", 400)
            .tensor("exp_avg.net.0.weight", Tensor.of(new float[] {0.5f}, 1))
            .build();
    return Checkpoint.builder()
        .epoch(3)
        .globalStep(400)
        .weights(Map.of("net.0.weight", Tensor.of(new float[] {1, 2}, 2)))
        .state(CheckpointKeys.OPTIMIZERS, State.builder().child("0", adam).build())
        .state(CheckpointKeys.LOOPS, State.builder().put("batch", 17).build())
        .hyperparameters(Hyperparameters.of(Map.of("hidden", 128)))
        .dataModuleHyperparameters(Hyperparameters.of(Map.of("batchSize", 32)));
  }

  private Path save(Checkpoint checkpoint) {
    Path file = folder.resolve("epoch=03-step=400.ckpt");
    io.save(checkpoint, file);
    return file;
  }

  @Test
  void load_whatWasSaved_isTheSame() {
    Path file = save(example().build());
    try (Checkpoint loaded = io.load(file)) {
      assertThat(loaded.epoch()).isEqualTo(3);
      assertThat(loaded.globalStep()).isEqualTo(400);
      assertThat(loaded.weights()).containsOnlyKeys("net.0.weight");
      assertThat(loaded.weights().get("net.0.weight").toFloatArray()).containsExactly(1, 2);
      assertThat(loaded.stateKeys()).containsExactly("optimizers", "loops");
      State adam = loaded.state(CheckpointKeys.OPTIMIZERS).child("0");
      assertThat(adam.longValue("steps")).isEqualTo(400);
      assertThat(adam.tensor("exp_avg.net.0.weight").toFloatArray()).containsExactly(0.5f);
      assertThat(loaded.state(CheckpointKeys.LOOPS).intValue("batch")).isEqualTo(17);
      assertThat(loaded.hyperparameters().get("hidden", int.class)).isEqualTo(128);
      assertThat(loaded.dataModuleHyperparameters().get("batchSize", int.class)).isEqualTo(32);
      assertThat(loaded.fulgurVersion()).isNotEmpty();
    }
  }

  @Test
  void save_weights_keepTheirPlainNamesBesideMarkedState() {
    Path file = save(example().build());
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertThat(reader.entries().keySet())
          .containsExactlyInAnyOrder("net.0.weight", "optimizers:0/exp_avg.net.0.weight");
      assertThat(reader.metadata())
          .containsEntry("fulgur_format", "1")
          .containsEntry("epoch", "3")
          .containsEntry("global_step", "400")
          .containsEntry("states", "[\"optimizers\",\"loops\"]")
          .containsEntry("loops", "{\"batch\":17}")
          .containsEntry("optimizers", "{\"0\":{\"steps\":400}}")
          .containsEntry("hyper_parameters", "{\"hidden\":128}")
          .containsEntry("datamodule_hyper_parameters", "{\"batchSize\":32}");
    }
  }

  @Test
  void save_sameCheckpointTwice_givesTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(save(example().build()));
    assertThat(Files.readAllBytes(save(example().build()))).isEqualTo(first);
  }

  @Test
  void loadWeights_ofFullCheckpoint_hasNoStates() {
    try (Checkpoint loaded = io.loadWeights(save(example().build()))) {
      assertThat(loaded.weights()).containsOnlyKeys("net.0.weight");
      assertThat(loaded.stateKeys()).isEmpty();
      assertThat(loaded.hyperparameters().names()).containsExactly("hidden");
      assertThatThrownBy(() -> loaded.state(CheckpointKeys.LOOPS))
          .isInstanceOf(FulgurException.class)
          .hasMessageContaining("(epoch 3, step 400) holds no \"loops\". It holds: weights only.");
    }
  }

  @Test
  void loadMetadata_readsNoTensors() throws IOException {
    Path file = save(example().build());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    CheckpointMetadata metadata = io.loadMetadata(file);
    assertThat(metadata.epoch()).isEqualTo(3);
    assertThat(metadata.formatVersion()).isEqualTo(CheckpointMetadata.FORMAT_VERSION);
    assertThat(metadata.hyperparameters().get("hidden", long.class)).isEqualTo(128);
    assertThatThrownBy(() -> io.load(file)).hasMessageContaining("[CheckpointCorrupt]");
  }

  @Test
  void load_weightNamedLikeAStateThatIsNotThere_isAWeight() {
    Path file =
        save(
            Checkpoint.builder()
                .weights(Map.of("heads.a:b", Tensor.scalar(1), "rng:x", Tensor.scalar(2)))
                .build());
    try (Checkpoint loaded = io.load(file)) {
      assertThat(loaded.weights()).containsOnlyKeys("heads.a:b", "rng:x");
    }
  }

  @Test
  void save_weightNamedLikeState_isRefused() {
    Checkpoint checkpoint = example().weights(Map.of("loops:x", Tensor.scalar(1))).build();
    assertThatThrownBy(() -> save(checkpoint))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("The weight \"loops:x\" cannot be saved");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void state_reservedOrOddKey_isRefused() {
    for (String key : List.of("epoch", "format", "fulgur_checksums", "states", "A", "a:b", "")) {
      assertThatThrownBy(() -> Checkpoint.builder().state(key, State.empty()))
          .as(key)
          .isInstanceOf(FulgurException.class)
          .hasMessageContaining("cannot be saved under \"" + key + "\"");
    }
  }

  @Test
  void load_safetensorsOfAnotherProgram_saysHowToTakeItsWeights() {
    Path file = folder.resolve("model.safetensors");
    SafeTensorsWriter.write(file, Map.of("x", Tensor.scalar(1)), Map.of("format", "pt"));
    assertThatThrownBy(() -> io.load(file))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.NOT_A_CHECKPOINT))
        .hasMessageContaining("SafeTensorsReader");
  }

  @Test
  void load_newerFormat_namesBothVersions() {
    Path file = folder.resolve("future.ckpt");
    SafeTensorsWriter.write(file, Map.of(), Map.of("fulgur_format", "2", "fulgur_version", "9.9"));
    for (Runnable load :
        List.<Runnable>of(
            () -> io.load(file), () -> io.loadWeights(file), () -> io.loadMetadata(file))) {
      assertThatThrownBy(load::run)
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CHECKPOINT_TOO_NEW))
          .hasMessageContaining("was written by Fulgur 9.9 in format 2")
          .hasMessageContaining("reads formats up to 1. Update Fulgur");
    }
  }

  @Test
  void load_metadataThatMakesNoSense_isCorrupt() {
    Map<String, Map<String, String>> cases =
        Map.of(
            "\"fulgur_format\" must be an integer",
            Map.of("fulgur_format", "one"),
            "\"fulgur_format\" is 0, but formats are counted from 1",
            Map.of("fulgur_format", "0"),
            "\"epoch\" must be an integer, but is \"\"",
            Map.of("fulgur_format", "1"),
            "\"states\" is not valid JSON",
            Map.of("fulgur_format", "1", "epoch", "0", "global_step", "0", "states", "[\"a"),
            "\"loops\" must be a JSON object, but is \"\"",
            Map.of("fulgur_format", "1", "epoch", "0", "global_step", "0", "states", "[\"loops\"]"),
            "\"hyper_parameters\" is not valid JSON",
            Map.of(
                "fulgur_format", "1", "epoch", "0", "global_step", "0", "hyper_parameters", "{"));
    Path file = folder.resolve("odd.ckpt");
    cases.forEach(
        (problem, metadata) -> {
          SafeTensorsWriter.write(file, Map.of(), metadata);
          assertThatThrownBy(() -> io.load(file))
              .isInstanceOfSatisfying(
                  FulgurException.class,
                  e -> assertThat(e.id()).isEqualTo(ErrorId.CHECKPOINT_CORRUPT))
              .hasMessageContaining(problem);
        });
  }

  @Test
  void restore_whatDoesNotFit_namesFileEpochAndStep() {
    Path file = save(example().build());
    FulgurException inner = new FulgurException(ErrorId.SHAPE_MISMATCH, "net.0.weight is [3]");
    try (Checkpoint loaded = io.load(file)) {
      assertThatThrownBy(
              () ->
                  loaded.restore(
                      "the weights",
                      () -> {
                        throw inner;
                      }))
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CHECKPOINT_MISMATCH))
          .hasMessageContaining("Checkpoint " + file + " (epoch 3, step 400) does not fit")
          .hasMessageContaining("the weights could not be restored")
          .hasMessageContaining("[ShapeMismatch] net.0.weight is [3]")
          .hasCause(inner);
    }
  }

  @Test
  void restore_weightsOfAnotherArchitecture_listsThemAndChangesNothing() {
    Path file = save(Checkpoint.builder().weights(new Linear(4, 3).stateDict()).build());
    Linear other = new Linear(5, 3);
    float[] before = other.stateDict().get("weight").toFloatArray();
    try (Checkpoint loaded = io.load(file)) {
      assertThatThrownBy(
              () -> loaded.restore("the weights", () -> other.loadStateDict(loaded.weights())))
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CHECKPOINT_MISMATCH))
          .hasMessageContaining(file.toString())
          .hasMessageContaining("weight")
          .hasMessageContaining("[3, 4]")
          .hasMessageContaining("[3, 5]");
    }
    assertThat(other.stateDict().get("weight").toFloatArray()).isEqualTo(before);
  }

  @Test
  void saveAndLoad_threadThatIsInterrupted_workAndLeaveItInterrupted() {
    Thread.currentThread().interrupt();
    try (Checkpoint loaded = io.load(save(example().build()))) {
      assertThat(loaded.weights().get("net.0.weight").toFloatArray()).containsExactly(1, 2);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void close_loadedCheckpoint_endsItsTensors() {
    Checkpoint loaded = io.load(save(example().build()));
    Tensor weight = loaded.weights().get("net.0.weight");
    loaded.close();
    loaded.close();
    assertThat(weight.isAlive()).isFalse();
    assertThatThrownBy(weight::toFloatArray).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void close_builtCheckpoint_leavesLiveTensorsAlone() {
    Checkpoint built = example().build();
    built.close();
    assertThat(built.weights().get("net.0.weight").toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void remove_fileOrNothing_isGone() {
    Path file = save(example().build());
    io.remove(file);
    assertThat(file).doesNotExist();
    io.remove(file);
  }

  @Test
  void remove_folder_isRefused() throws IOException {
    Path inner = Files.writeString(folder.resolve("keep.txt"), "x");
    assertThatThrownBy(() -> io.remove(folder)).isInstanceOf(FulgurException.class);
    assertThat(inner).exists();
  }

  @Test
  void save_folderThatCannotBeMade_isReported() throws IOException {
    Path blocking = Files.writeString(folder.resolve("fulgur_logs"), "a file");
    assertThatThrownBy(() -> io.save(example().build(), blocking.resolve("last.ckpt")))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE))
        .hasMessageContaining(blocking.toString());
  }

  @Test
  void link_whereLinksAreImpossible_copies() throws IOException {
    CheckpointIO without = new SafeTensorsCheckpointIO((target, link) -> false);
    Path file = save(example().build());
    Path last = folder.resolve("last.ckpt");
    without.link(file, last);

    assertThat(Files.isSymbolicLink(last)).isFalse();
    assertThat(Files.mismatch(file, last)).isEqualTo(-1);
    io.link(file, last);
    assertThat(Files.readSymbolicLink(last)).isEqualTo(file.getFileName());
  }

  @Test
  void linkAndCopy_ofNothing_areErrorsThatLeaveTheTargetAlone() throws IOException {
    Path last = save(example().build());
    byte[] before = Files.readAllBytes(last);
    for (Runnable action :
        List.<Runnable>of(
            () -> io.link(folder.resolve("gone.ckpt"), last),
            () -> io.copy(folder.resolve("gone.ckpt"), last))) {
      assertThatThrownBy(action::run)
          .isInstanceOfSatisfying(
              FulgurException.class,
              e -> assertThat(e.id()).isEqualTo(ErrorId.CHECKPOINT_NOT_FOUND));
      assertThat(Files.readAllBytes(last)).isEqualTo(before);
    }
  }
}
