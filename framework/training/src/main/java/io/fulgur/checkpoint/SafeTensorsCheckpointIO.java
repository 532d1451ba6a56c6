package io.fulgur.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps each checkpoint in one safetensors file, written atomically.
 *
 * <p>Weights have their plain names, tensors of states the name {@code <key>:<path>}; the values of
 * each state are a JSON text in the metadata under its key, and the metadata entry {@code states}
 * lists the keys. Nothing in a file is executed and no class is instantiated by name.
 *
 * @since 0.1
 */
public final class SafeTensorsCheckpointIO implements CheckpointIO {
  private static final String SEPARATOR = ":";

  private final Linker linker;

  /** Makes an IO for files on this machine's file systems. */
  public SafeTensorsCheckpointIO() {
    this(AtomicFiles::link);
  }

  SafeTensorsCheckpointIO(Linker linker) {
    this.linker = linker;
  }

  /** Makes a symbolic link; tests put one in that cannot. */
  @FunctionalInterface
  interface Linker {
    /** Returns whether links can be made there. */
    boolean link(Path target, Path link);
  }

  @Override
  public void save(Checkpoint checkpoint, Path path) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(checkpoint.weights());
    Map<String, String> metadata = checkpoint.metadata().encode();
    ArrayNode keys = JsonNodeFactory.instance.arrayNode();
    for (String key : checkpoint.stateKeys()) {
      requireNoWeight(checkpoint, key + SEPARATOR);
      State state = checkpoint.state(key);
      keys.add(key);
      metadata.put(key, Json.write(state.toJson()));
      state.tensorsByPath().forEach((name, tensor) -> tensors.put(key + SEPARATOR + name, tensor));
    }
    metadata.put(CheckpointKeys.STATES, Json.write(keys));
    SafeTensorsWriter.write(path, tensors, metadata);
  }

  @Override
  public Checkpoint load(Path path) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(path)) {
      return load(path, reader, /* withStates= */ true);
    }
  }

  @Override
  public Checkpoint loadWeights(Path path) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(path)) {
      return load(path, reader, /* withStates= */ false);
    }
  }

  @Override
  public CheckpointMetadata loadMetadata(Path path) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(path)) {
      return CheckpointMetadata.decode(path, reader.metadata());
    }
  }

  @Override
  public void remove(Path path) {
    try {
      if (Files.isDirectory(path)) {
        throw new FulgurException(
            ErrorId.CANNOT_WRITE,
            path.toAbsolutePath() + " is a folder, not a checkpoint; it has not been removed.");
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.CANNOT_WRITE,
          "%s could not be removed: %s. Check that this user may write to its folder."
              .formatted(path.toAbsolutePath(), IoReasons.describe(e)),
          e);
    }
  }

  /** {@inheritDoc} Copies byte by byte. */
  @Override
  public void copy(Path source, Path target) {
    requireReadable(source);
    AtomicFiles.copy(source, target);
  }

  /** {@inheritDoc} Makes a relative symbolic link, so that the folder may be moved. */
  @Override
  public void link(Path target, Path link) {
    requireReadable(target);
    if (!linker.link(target, link)) {
      copy(target, link);
    }
  }

  private static void requireReadable(Path path) {
    SafeTensorsReader.open(path).close();
  }

  private static Checkpoint load(Path path, SafeTensorsReader reader, boolean withStates) {
    CheckpointMetadata metadata = CheckpointMetadata.decode(path, reader.metadata());
    List<String> keys = stateKeys(path, reader.metadata());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Map<String, Tensor>> tensors = new LinkedHashMap<>();
    if (withStates) {
      keys.forEach(key -> tensors.put(key, new LinkedHashMap<>()));
    }
    for (String name : reader.entries().keySet()) {
      String key = keyOf(name, keys);
      if (key.isEmpty()) {
        weights.put(name, reader.read(name));
      } else if (tensors.containsKey(key)) {
        tensors.get(key).put(name.substring(key.length() + 1), reader.read(name));
      }
    }
    Map<String, State> states = new LinkedHashMap<>();
    tensors.forEach(
        (key, own) ->
            states.put(
                key,
                State.read(key, CheckpointMetadata.object(path, reader.metadata(), key), own)));
    return new Checkpoint(metadata, weights, states, path);
  }

  /** Returns the key of the state that a tensor belongs to, or nothing if it is a weight. */
  private static String keyOf(String name, List<String> keys) {
    int separator = name.indexOf(SEPARATOR);
    String key = separator < 0 ? "" : name.substring(0, separator);
    return keys.contains(key) ? key : "";
  }

  private static List<String> stateKeys(Path path, Map<String, String> metadata) {
    String text = metadata.getOrDefault(CheckpointKeys.STATES, "[]");
    try {
      List<String> keys = new ArrayList<>();
      for (JsonNode key : Json.MAPPER.readTree(text)) {
        keys.add(key.asText());
      }
      return keys;
    } catch (JsonProcessingException e) {
      throw Corruption.of(
          path, "its metadata \"" + CheckpointKeys.STATES + "\" is not valid JSON", e);
    }
  }

  private static void requireNoWeight(Checkpoint checkpoint, String prefix) {
    for (String name : checkpoint.weights().keySet()) {
      if (name.startsWith(prefix)) {
        throw new FulgurException(
            ErrorId.INVALID_ARGUMENT,
            "The weight \"%s\" cannot be saved: names that start with \"%s\" are those of other state. Rename the key of the map that holds this module."
                .formatted(name, prefix));
      }
    }
  }
}
