package io.fulgur.callback.prediction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes predictions to a file of JSON lines, an object for each sample, as they are made.
 *
 * <pre>{@code
 * {"dataloader":0,"batch":0,"sample":17,"prediction":[0.25,0.75]}
 * }</pre>
 *
 * <p>{@code sample} is the index in the data set, {@code null} if that is not known. An output of
 * shape {@code [batch]} is a number, of other shapes lists in lists. NaN and infinities, which JSON
 * lacks, are the texts {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}. The file takes
 * its name once it is whole and replaces one that was there; until then, and if prediction fails,
 * it is {@code <name>.partial}.
 *
 * @since 0.1
 */
public final class JsonLinesPredictionWriter extends FilePredictionWriter {
  private @Nullable JsonGenerator generator;
  private @Nullable Writer target;

  /** Writes to a file, whose folder is made if there is none. */
  public JsonLinesPredictionWriter(Path file) {
    super(file);
  }

  @Override
  void begin(Writer to) throws IOException {
    JsonGenerator made = new JsonFactory().createGenerator(to);
    // Rows end with a line break of our own; nothing stands between them.
    made.setPrettyPrinter(new MinimalPrettyPrinter(""));
    made.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    generator = made;
    target = to;
  }

  @Override
  void write(Row row) throws IOException {
    JsonGenerator json = generator;
    Writer to = target;
    if (json == null || to == null) {
      return;
    }
    json.writeStartObject();
    json.writeNumberField("dataloader", row.dataloader());
    json.writeNumberField("batch", row.batch());
    if (row.sample() < 0) {
      json.writeNullField("sample");
    } else {
      json.writeNumberField("sample", row.sample());
    }
    for (Map.Entry<String, RowValue> each : row.values().entrySet()) {
      json.writeFieldName(each.getKey());
      write(json, each.getValue(), /* dim= */ 0, /* from= */ 0, each.getValue().size());
    }
    json.writeEndObject();
    json.flush();
    to.write('\n');
  }

  /** Writes the numbers {@code [from, from + count)}, which have the sizes from {@code dim} on. */
  private static void write(JsonGenerator json, RowValue value, int dim, int from, int count)
      throws IOException {
    if (dim == value.shape().length) {
      writeNumber(json, value.get(from));
      return;
    }
    int parts = Math.toIntExact(value.shape()[dim]);
    json.writeStartArray();
    for (int i = 0; i < parts; i++) {
      write(json, value, dim + 1, from + i * (count / parts), count / parts);
    }
    json.writeEndArray();
  }

  private static void writeNumber(JsonGenerator json, Object number) throws IOException {
    if (number instanceof Float real) {
      json.writeNumber(real);
    } else if (number instanceof Double real) {
      json.writeNumber(real);
    } else if (number instanceof Long integer) {
      json.writeNumber(integer);
    } else {
      json.writeBoolean((Boolean) number);
    }
  }
}
