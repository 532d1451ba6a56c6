package io.fulgur.callback.spike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fulgur.checkpoint.AtomicFiles;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of batches that are to be left out: {@code [{"epoch":0,"batch":17}, ...]}. */
final class ExcludedBatches {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EPOCH = "epoch";
  private static final String BATCH = "batch";

  private ExcludedBatches() {}

  /** Returns what a file lists; nothing if there is none. */
  static Set<TrainingBatch> read(Path file) {
    Set<TrainingBatch> batches = new LinkedHashSet<>();
    if (!Files.exists(file)) {
      return batches;
    }
    JsonNode list;
    try {
      list = JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw unreadable(file, e.toString(), e);
    }
    for (JsonNode each : list) {
      if (!list.isArray() || !each.path(EPOCH).isInt() || !each.path(BATCH).isInt()) {
        throw unreadable(
            file, "\"" + each + "\" is no {\"epoch\": ..., \"batch\": ...} of a list", null);
      }
      batches.add(new TrainingBatch(each.get(EPOCH).intValue(), each.get(BATCH).intValue()));
    }
    return batches;
  }

  private static FulgurException unreadable(Path file, String reason, @Nullable Exception cause) {
    String text =
        "The batches to leave out cannot be read from %s: %s. Mend or delete the file."
            .formatted(file, reason);
    return cause == null
        ? new FulgurException(ErrorId.FILE_UNREADABLE, text)
        : new FulgurException(ErrorId.FILE_UNREADABLE, text, cause);
  }

  static void write(Path file, Collection<TrainingBatch> batches) {
    ArrayNode list = JSON.createArrayNode();
    for (TrainingBatch each : batches) {
      list.addObject().put(EPOCH, each.epoch()).put(BATCH, each.batch());
    }
    AtomicFiles.writeString(file, list.toPrettyString() + "\n");
  }
}
