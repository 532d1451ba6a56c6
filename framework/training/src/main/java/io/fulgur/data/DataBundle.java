package io.fulgur.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.checkpoint.SafeTensorsEntry;
import io.fulgur.checkpoint.SafeTensorsReader;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data sets that were prepared once, in one file with checksums: decoded, split and scaled.
 *
 * <pre>{@code
 * DataBundle bundle =
 *     DataBundle.openOrCreate(
 *         folder.resolve("flowers.bundle"),
 *         "resize 256, split 1",
 *         () -> DataBundle.builder().add("train", train).add("validation", validation));
 * Dataset train = bundle.dataset("train").augment(...);
 * }</pre>
 *
 * <p>The file is a safetensors file: value {@code image} of data set {@code train} is the tensor
 * {@code train/image} of shape {@code [samples, ...]}, which other programs can read. It is mapped
 * into memory, so that it may be larger than that. It must not change while it is in use, and is
 * released when its data sets are garbage collected.
 *
 * @since 0.1
 */
public final class DataBundle {
  static final String KEY = "fulgur_bundle";
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Logger LOG = LoggerFactory.getLogger(DataBundle.class);

  private final Path file;
  private final String key;
  private final Map<String, Dataset> datasets;
  private final Map<String, Map<String, Object>> states;

  private DataBundle(
      Path file,
      String key,
      Map<String, Dataset> datasets,
      Map<String, Map<String, Object>> states) {
    this.file = file;
    this.key = key;
    this.datasets = datasets;
    this.states = states;
  }

  /** Starts to make a bundle. */
  public static DataBundleBuilder builder() {
    return new DataBundleBuilder();
  }

  /**
   * Opens a bundle, after it was read once to compare it with its checksums.
   *
   * @throws FulgurException if there is none, it is damaged, or is no bundle
   */
  public static DataBundle open(Path file) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      String description = reader.metadata().get(KEY);
      if (description == null) {
        throw DataFiles.invalid(
            file,
            "is a safetensors file, but no bundle of data. Write one with DataBundle.builder().");
      }
      reader.verify();
      return open(file, reader, JSON.readTree(description));
    } catch (JsonProcessingException e) {
      throw DataFiles.invalid(
          file,
          "has a description that is not JSON: " + e.getOriginalMessage() + ". Make it anew.");
    } catch (IOException e) {
      throw DataFiles.unreadable(file, e);
    } catch (FulgurException e) {
      throw e.id() == ErrorId.CHECKPOINT_CORRUPT ? damaged(file, e) : e;
    }
  }

  private static FulgurException damaged(Path file, FulgurException cause) {
    return new FulgurException(
        ErrorId.INVALID_DATA_FILE,
        "%s is a damaged bundle of data. Delete it and make it anew, or copy it again from where it is whole.\n   %s"
            .formatted(file, cause.getMessage()),
        cause);
  }

  private static DataBundle open(Path file, SafeTensorsReader reader, JsonNode description)
      throws IOException {
    MappedFile mapped = MappedFile.open(file, ByteOrder.LITTLE_ENDIAN);
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : description.path("datasets").properties()) {
      List<FileDataset.Field> fields = new ArrayList<>();
      for (JsonNode value : each.getValue().path("values")) {
        fields.add(field(file, reader, each.getKey(), value.asText()));
      }
      datasets.put(
          each.getKey(),
          new FileDataset(mapped, each.getValue().path("samples").longValue(), fields));
    }
    return new DataBundle(
        file,
        description.path("key").asText(),
        datasets,
        JSON.convertValue(description.path("states"), new TypeReference<>() {}));
  }

  private static FileDataset.Field field(
      Path file, SafeTensorsReader reader, String dataset, String value) {
    SafeTensorsEntry entry = reader.entries().get(dataset + HostBatch.SEPARATOR + value);
    if (entry == null) {
      throw DataFiles.invalid(
          file, "lacks \"" + value + "\" of \"" + dataset + "\". Make it anew.");
    }
    return new FileDataset.Field(
        value,
        entry.dtype(),
        entry.shape().without(0),
        reader.position(entry),
        entry.sizeBytes() / entry.shape().size(0),
        /* label= */ false);
  }

  /**
   * Opens a bundle if there is one that was made with this key, or else makes it. A damaged one is
   * made anew, with a warning.
   *
   * @param key all that the content depends on: sources, options of transforms, seeds of splits
   * @param maker describes what is to be in it; called only if it is needed
   * @throws FulgurException if it cannot be written
   */
  public static DataBundle openOrCreate(Path file, String key, Supplier<DataBundleBuilder> maker) {
    if (Files.exists(file)) {
      try {
        DataBundle bundle = open(file);
        if (bundle.key.equals(key)) {
          return bundle;
        }
        LOG.info(
            "{} was made with the key \"{}\", not \"{}\", so it is made anew",
            file,
            bundle.key,
            key);
      } catch (FulgurException e) {
        LOG.warn("{} cannot be used, so it is made anew: {}", file, e.getMessage());
      }
    }
    maker.get().key(key).write(file);
    return open(file);
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  /** Returns the key that it was made with; empty if there was none. */
  public String key() {
    return key;
  }

  /** Returns the names of the data sets. */
  public Set<String> names() {
    return datasets.keySet();
  }

  /**
   * Returns a data set.
   *
   * @throws FulgurException if there is none of this name; the message lists those there are
   */
  public Dataset dataset(String name) {
    Dataset dataset = datasets.get(name);
    if (dataset == null) {
      throw Names.unknown(file.toString(), name, datasets.keySet());
    }
    return dataset;
  }

  /**
   * Returns a state that was put beside the data, such as {@link Normalize#state()}.
   *
   * @throws FulgurException if there is none of this name; the message lists those there are
   */
  public Map<String, Object> state(String name) {
    Map<String, Object> state = states.get(name);
    if (state == null) {
      throw Names.unknown(file.toString(), name, states.keySet());
    }
    return state;
  }

  /** Returns e.g. {@code DataBundle flowers.bundle [train, validation]}. */
  @Override
  public String toString() {
    return "DataBundle " + file.getFileName() + " " + datasets.keySet();
  }

  static FulgurException invalidName(String name) {
    return new FulgurException(
        ErrorId.INVALID_ARGUMENT,
        "A data set of a bundle cannot be named \"%s\". Give it a name of its own, without a slash."
            .formatted(name));
  }
}
