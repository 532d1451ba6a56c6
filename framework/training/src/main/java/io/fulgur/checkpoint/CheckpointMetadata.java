package io.fulgur.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint tells without its tensors.
 *
 * @param formatVersion the version of the layout, at most {@link #FORMAT_VERSION}
 * @param fulgurVersion the Fulgur version that wrote it
 * @param epoch the number of the epoch in which it was saved, counted from 0
 * @param globalStep how many optimizer steps had been taken
 * @param hyperparameters what the module was constructed with; none if it saved none
 * @param dataModuleHyperparameters what the data module was constructed with; none if it saved none
 * @since 0.1
 */
public record CheckpointMetadata(
    int formatVersion,
    String fulgurVersion,
    long epoch,
    long globalStep,
    Hyperparameters hyperparameters,
    Hyperparameters dataModuleHyperparameters) {
  /** The layout that this version of Fulgur writes. */
  public static final int FORMAT_VERSION = 1;

  static CheckpointMetadata ofThisVersion(
      long epoch,
      long globalStep,
      Hyperparameters hyperparameters,
      Hyperparameters dataModuleHyperparameters) {
    return new CheckpointMetadata(
        FORMAT_VERSION,
        FulgurVersion.current(),
        epoch,
        globalStep,
        hyperparameters,
        dataModuleHyperparameters);
  }

  /** Returns the entries of a file's metadata. */
  Map<String, String> encode() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(CheckpointKeys.FORMAT_VERSION, String.valueOf(formatVersion));
    texts.put(CheckpointKeys.FULGUR_VERSION, fulgurVersion);
    texts.put(CheckpointKeys.EPOCH, String.valueOf(epoch));
    texts.put(CheckpointKeys.GLOBAL_STEP, String.valueOf(globalStep));
    if (!hyperparameters.isEmpty()) {
      texts.put(CheckpointKeys.HYPERPARAMETERS, Json.write(hyperparameters.toJson()));
    }
    if (!dataModuleHyperparameters.isEmpty()) {
      texts.put(
          CheckpointKeys.DATA_MODULE_HYPERPARAMETERS,
          Json.write(dataModuleHyperparameters.toJson()));
    }
    return texts;
  }

  static CheckpointMetadata decode(Path file, Map<String, String> texts) {
    if (!texts.containsKey(CheckpointKeys.FORMAT_VERSION)) {
      throw new FulgurException(
          ErrorId.NOT_A_CHECKPOINT,
          "%s is a safetensors file, but not a checkpoint of Fulgur: its metadata has no \"%s\". To take weights from it, read it with SafeTensorsReader and pass them to loadStateDict."
              .formatted(file, CheckpointKeys.FORMAT_VERSION));
    }
    long version = number(file, texts, CheckpointKeys.FORMAT_VERSION);
    String writer = texts.getOrDefault(CheckpointKeys.FULGUR_VERSION, "unknown");
    if (version > FORMAT_VERSION) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_TOO_NEW,
          "%s was written by Fulgur %s in format %d, but this is Fulgur %s, which reads formats up to %d. Update Fulgur to read it."
              .formatted(file, writer, version, FulgurVersion.current(), FORMAT_VERSION));
    }
    if (version < 1) {
      throw Corruption.of(
          file,
          "its metadata \"%s\" is %d, but formats are counted from 1"
              .formatted(CheckpointKeys.FORMAT_VERSION, version));
    }
    return new CheckpointMetadata(
        (int) version,
        writer,
        number(file, texts, CheckpointKeys.EPOCH),
        number(file, texts, CheckpointKeys.GLOBAL_STEP),
        hyperparameters(file, texts, CheckpointKeys.HYPERPARAMETERS),
        hyperparameters(file, texts, CheckpointKeys.DATA_MODULE_HYPERPARAMETERS));
  }

  private static long number(Path file, Map<String, String> texts, String key) {
    String text = texts.getOrDefault(key, "");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Corruption.of(
          file, "its metadata \"%s\" must be an integer, but is \"%s\"".formatted(key, text), e);
    }
  }

  private static Hyperparameters hyperparameters(Path file, Map<String, String> texts, String key) {
    return texts.containsKey(key)
        ? Hyperparameters.fromJson(object(file, texts, key))
        : Hyperparameters.none();
  }

  static ObjectNode object(Path file, Map<String, String> texts, String key) {
    String text = texts.getOrDefault(key, "");
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw Corruption.of(file, "its metadata \"" + key + "\" is not valid JSON", e);
    }
    throw Corruption.of(
        file,
        "its metadata \"%s\" must be a JSON object, but is \"%s\""
            .formatted(key, Json.excerpt(text)));
  }
}
