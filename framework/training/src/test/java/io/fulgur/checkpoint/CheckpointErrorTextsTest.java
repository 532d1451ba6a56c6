package io.fulgur.checkpoint;

import io.fulgur.GoldenErrors;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.nn.Linear;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the whole text of the errors that files of checkpoints cause. */
class CheckpointErrorTextsTest {
  private static final Tensor WEIGHT = Tensor.full(1, DType.F32, 2, 3);

  @TempDir private Path folder;
  private final CheckpointIO io = new SafeTensorsCheckpointIO();
  private GoldenErrors errors = new GoldenErrors(Path.of(""));

  @BeforeEach
  void begin() {
    errors = new GoldenErrors(folder);
  }

  private Path bytes(String name, byte... content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** Writes a file that has this header, and data of so many bytes. */
  private Path header(String name, String json, int dataBytes) throws IOException {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(Long.BYTES + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(text.length).put(text);
    return bytes(name, all.array());
  }

  private Path metadata(String name, Map<String, String> changes) {
    Map<String, String> texts =
        new HashMap<>(
            CheckpointMetadata.ofThisVersion(2, 40, Hyperparameters.none(), Hyperparameters.none())
                .encode());
    texts.put(CheckpointKeys.FULGUR_VERSION, "0.1.0");
    texts.putAll(changes);
    Path file = folder.resolve(name);
    SafeTensorsWriter.write(file, Map.of("weight", WEIGHT), texts);
    return file;
  }

  private void loading(String name, Path file) {
    errors.add(name, () -> io.load(file).close());
  }

  private void filesThatAreNone() throws IOException {
    loading("no file in an empty folder", folder.resolve("missing.ckpt"));
    loading("no folder", folder.resolve("missing/last.ckpt"));
    bytes("lost.ckpt");
    loading("no file among others", folder.resolve("last.ckpt"));
    loading("a folder", folder);
    loading("empty", folder.resolve("lost.ckpt"));
    loading("of PyTorch", bytes("torch.pt", new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8, 0, 0}));
    loading("cut off", bytes("cut.ckpt", new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{'}));
  }

  private void headers() throws IOException {
    loading("no brace", header("h1", "[1, 2, 3]", 0));
    loading("no JSON", header("h2", "{\"a\": }", 0));
    loading("more than one object", header("h3", "{} {}", 0));
    loading(
        "unknown dtype",
        header("h4", "{\"a\":{\"dtype\":\"F8_E5M2\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2));
    loading(
        "negative shape",
        header("h5", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8));
    loading(
        "offsets backwards",
        header("h6", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8));
    loading(
        "hole",
        header("h7", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12));
    loading(
        "appended",
        header("h8", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 9));
    loading(
        "huge",
        header(
            "h9",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
            4));
  }

  private void metadata() {
    Path plain = folder.resolve("plain.safetensors");
    SafeTensorsWriter.write(plain, Map.of("weight", WEIGHT), Map.of());
    loading("no checkpoint", plain);
    loading("no format", metadata("m1.ckpt", Map.of(CheckpointKeys.FORMAT_VERSION, "0")));
    loading("no number", metadata("m2.ckpt", Map.of(CheckpointKeys.EPOCH, "two")));
    loading("no JSON", metadata("m3.ckpt", Map.of(CheckpointKeys.HYPERPARAMETERS, "{")));
    loading("no object", metadata("m4.ckpt", Map.of(CheckpointKeys.HYPERPARAMETERS, "[1]")));
    loading("no states", metadata("m5.ckpt", Map.of(CheckpointKeys.STATES, "[")));
  }

  private void contents() {
    Path saved = folder.resolve("whole.ckpt");
    State state = State.builder().put("count", 3L).put("name", "x").build();
    io.save(
        Checkpoint.builder()
            .epoch(2)
            .globalStep(40)
            .weights(Map.of("weight", WEIGHT))
            .state("own", state)
            .build(),
        saved);
    try (Checkpoint loaded = io.load(saved)) {
      errors.add("no such state", () -> loaded.state("optimizers"));
      errors.add("no such value", () -> loaded.state("own").longValue("total"));
      errors.add("no such tensor", () -> loaded.state("own").tensor("mean"));
      errors.add("no such child", () -> loaded.state("own").child("more"));
      errors.add("no number", () -> loaded.state("own").longValue("name"));
      errors.add("no fraction", () -> loaded.state("own").doubleValue("name"));
      errors.add("no truth value", () -> loaded.state("own").booleanValue("count"));
      errors.add("no text", () -> loaded.state("own").stringValue("count"));
      errors.add("no list", () -> loaded.state("own").strings("count"));
      errors.add(
          "weights of another module",
          () ->
              loaded.restore(
                  "the weights", () -> new Linear(2, 2).loadStateDict(loaded.weights())));
    }
  }

  private void saving() throws IOException {
    errors.add("key of a state", () -> Checkpoint.builder().state("My State", State.empty()));
    errors.add(
        "name of a weight",
        () ->
            io.save(
                Checkpoint.builder()
                    .weights(Map.of("own:weight", WEIGHT))
                    .state("own", State.builder().put("a", 1L).build())
                    .build(),
                folder.resolve("saved.ckpt")));
    errors.add(
        "reserved name",
        () ->
            SafeTensorsWriter.write(folder.resolve("x"), Map.of("__metadata__", WEIGHT), Map.of()));
    Path blocking = bytes("blocking");
    errors.add(
        "below a file", () -> AtomicFiles.writeString(blocking.resolve("sub/hparams.yaml"), ""));
    Path occupied = Files.createDirectories(folder.resolve("taken.ckpt/within")).getParent();
    errors.add("removing a folder", () -> io.remove(occupied));
    errors.add("copying what is not there", () -> io.copy(folder.resolve("none"), occupied));
  }

  private void pretrained() {
    errors.add(
        "no regular expression",
        () -> PretrainedWeights.from(folder.resolve("plain.safetensors")).rename("net[", ""));
    errors.add(
        "of another module",
        () ->
            PretrainedWeights.from(folder.resolve("plain.safetensors")).loadInto(new Linear(2, 2)));
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() throws IOException {
    filesThatAreNone();
    headers();
    metadata();
    contents();
    saving();
    pretrained();
    errors.assertAreThoseOf(CheckpointErrorTextsTest.class, "checkpoint-error-texts.txt");
  }
}
