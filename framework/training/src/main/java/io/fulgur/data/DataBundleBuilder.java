package io.fulgur.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.checkpoint.SafeTensorsStream;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes into a {@link DataBundle}.
 *
 * @since 0.1
 */
public final class DataBundleBuilder {
  private static final int ROWS_AT_ONCE = 64;

  private final Map<String, Dataset> datasets = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> states = new LinkedHashMap<>();
  private String key = "";

  DataBundleBuilder() {}

  /**
   * Adds a data set. Random transforms are thereby fixed.
   *
   * @param name without a slash
   * @param dataset not empty; its samples alike in names, types and shapes
   */
  public DataBundleBuilder add(String name, Dataset dataset) {
    if (name.isEmpty()
        || name.contains(HostBatch.SEPARATOR)
        || datasets.putIfAbsent(name, dataset) != null) {
      throw DataBundle.invalidName(name);
    }
    return this;
  }

  /** Adds texts, numbers, truth values, and lists and maps of these, under a name. */
  public DataBundleBuilder state(String name, Map<String, Object> state) {
    states.put(name, state);
    return this;
  }

  /** Sets what the content depends on, for {@link DataBundle#openOrCreate}. */
  public DataBundleBuilder key(String content) {
    key = content;
    return this;
  }

  /**
   * Writes the file, sample by sample; whatever stood there before stays until it is whole.
   *
   * @throws FulgurException if a data set is empty, its samples are not alike, or the file cannot
   *     be written
   */
  public void write(Path file) {
    Map<String, SafeTensorsStream.Layout> layouts = new LinkedHashMap<>();
    ObjectNode description = DataBundle.JSON.createObjectNode();
    description.put("key", key);
    description.set("states", DataBundle.JSON.valueToTree(states));
    ObjectNode all = description.putObject("datasets");
    datasets.forEach((name, dataset) -> describe(name, dataset, all.putObject(name), layouts));
    SafeTensorsStream.write(
        file,
        layouts,
        Map.of(DataBundle.KEY, text(description)),
        stream -> {
          for (Map.Entry<String, Dataset> each : datasets.entrySet()) {
            write(each.getKey(), each.getValue(), stream);
          }
        });
  }

  private static String text(ObjectNode json) {
    try {
      return DataBundle.JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void describe(
      String name,
      Dataset dataset,
      ObjectNode description,
      Map<String, SafeTensorsStream.Layout> layouts) {
    if (dataset.size() == 0) {
      throw DataErrors.empty("Data set \"" + name + "\" of the bundle");
    }
    description.put("samples", dataset.size());
    ArrayNode values = description.putArray("values");
    sample(dataset, 0)
        .values()
        .forEach(
            (value, array) -> {
              values.add(value);
              layouts.put(
                  name + HostBatch.SEPARATOR + value,
                  new SafeTensorsStream.Layout(
                      array.dtype(), array.shape().inserted(0, dataset.size())));
            });
  }

  private static Sample sample(Dataset dataset, long index) {
    return DataErrors.checkNotNull(dataset.get(index), dataset, index);
  }

  private static void write(String name, Dataset dataset, SafeTensorsStream stream)
      throws IOException {
    Sample first = sample(dataset, 0);
    Map<String, ByteBuffer> waiting = new LinkedHashMap<>();
    first
        .values()
        .forEach(
            (value, array) ->
                waiting.put(
                    value,
                    ByteBuffer.allocate(ROWS_AT_ONCE * array.elements() * array.dtype().sizeBytes())
                        .order(ByteOrder.LITTLE_ENDIAN)));
    for (long index = 0; index < dataset.size(); index++) {
      Sample sample = index == 0 ? first : sample(dataset, index);
      checkAlike(dataset, index, first, sample);
      boolean flush = (index + 1) % ROWS_AT_ONCE == 0 || index + 1 == dataset.size();
      for (Map.Entry<String, ByteBuffer> each : waiting.entrySet()) {
        put(sample.get(each.getKey()), each.getValue());
        if (flush) {
          stream.append(name + HostBatch.SEPARATOR + each.getKey(), each.getValue().flip());
          each.getValue().clear();
        }
      }
    }
  }

  private static void checkAlike(Dataset dataset, long index, Sample first, Sample sample) {
    boolean alike = sample.names().equals(first.names());
    for (String name : first.names()) {
      alike =
          alike
              && sample.get(name).dtype() == first.get(name).dtype()
              && sample.get(name).shape().equals(first.get(name).shape());
    }
    if (!alike) {
      throw new FulgurException(
          ErrorId.SAMPLES_DIFFER,
          "%s is %s, but the first sample is %s. The samples of a bundle must have equal names, types and shapes. Make them alike with map(...)."
              .formatted(DataErrors.describe(dataset, index), sample, first));
    }
  }

  private static void put(HostArray array, ByteBuffer out) {
    int bytes = array.elements() * array.dtype().sizeBytes();
    ByteBuffer own = out.slice(out.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (array.dtype()) {
      case F32 -> own.asFloatBuffer().put(array.floats());
      case F64 -> own.asDoubleBuffer().put(array.doubles());
      case I64 -> own.asLongBuffer().put(array.longs());
      case I32 -> own.asIntBuffer().put(array.ints());
      case U8 -> own.put(array.bytes());
      case BOOL -> {
        for (boolean value : array.booleans()) {
          own.put((byte) (value ? 1 : 0));
        }
      }
      case BF16, F16 -> throw new AssertionError(array.dtype());
    }
    out.position(out.position() + bytes);
  }
}
