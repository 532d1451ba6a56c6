package io.fulgur.callback.prediction;

import io.fulgur.Trainer;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Tensor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a row for each sample to a file, which has its name only once it is whole: until then it
 * is called {@code <name>.partial}, and stays so if the prediction fails.
 */
abstract sealed class FilePredictionWriter extends PredictionWriter
    permits CsvPredictionWriter, JsonLinesPredictionWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionWriter.class);
  private static final long UNKNOWN = -1;

  private final Path file;
  private final Path partial;
  private @Nullable Writer writer;

  FilePredictionWriter(Path file) {
    super(WriteInterval.BATCH);
    this.file = file.toAbsolutePath();
    this.partial = this.file.resolveSibling(this.file.getFileName() + ".partial");
  }

  /**
   * One sample's predictions.
   *
   * @param dataloader the index of the loader
   * @param batch the index of the batch
   * @param sample the index in the data set, negative if that is not known
   * @param values the numbers of each output, by name
   */
  record Row(int dataloader, int batch, long sample, Map<String, RowValue> values) {}

  /** Begins a file. */
  abstract void begin(Writer to) throws IOException;

  /** Writes a row. */
  abstract void write(Row row) throws IOException;

  @Override
  public final void onPredictStart(Trainer trainer, FulgurModule module) {
    super.onPredictStart(trainer, module);
    attempt(
        () -> {
          Path folder = partial.getParent();
          if (folder != null) {
            Files.createDirectories(folder);
          }
          BufferedWriter opened = Files.newBufferedWriter(partial);
          writer = opened;
          begin(opened);
        });
  }

  @Override
  protected final void writeOnBatchEnd(Trainer trainer, FulgurModule module, PredictedBatch batch) {
    Map<String, OutputValues> outputs = new LinkedHashMap<>();
    batch
        .output()
        .asMap()
        .forEach((name, tensor) -> outputs.put(name, values(name, tensor, batch.size())));
    long[] indices = batch.indices();
    attempt(
        () -> {
          for (int i = 0; i < batch.size(); i++) {
            Map<String, RowValue> values = new LinkedHashMap<>();
            for (Map.Entry<String, OutputValues> each : outputs.entrySet()) {
              values.put(each.getKey(), new RowValue(each.getValue(), i));
            }
            long sample = i < indices.length ? indices[i] : UNKNOWN;
            write(new Row(batch.dataloaderIndex(), batch.batchIndex(), sample, values));
          }
        });
  }

  private OutputValues values(String name, Tensor tensor, int size) {
    if (tensor.rank() == 0 || tensor.size(0) != size) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          "The prediction \"%s\" has shape %s, but the batch has %d samples, so that %s has no row for each. Return tensors whose first size is the number of samples, or extend PredictionWriter."
              .formatted(name, tensor.shape(), size, getClass().getSimpleName()));
    }
    return OutputValues.of(tensor);
  }

  @Override
  public final void onPredictEnd(Trainer trainer, FulgurModule module) {
    attempt(
        () -> {
          close();
          Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        });
  }

  @Override
  public final void onException(Trainer trainer, FulgurModule module, Throwable exception) {
    super.onException(trainer, module, exception);
    if (writer != null) {
      attempt(this::close);
      LOG.warn("The predictions so far are in {}", partial);
    }
  }

  private void close() throws IOException {
    Writer open = writer;
    writer = null;
    if (open != null) {
      open.close();
    }
  }

  /** Something that may find no room on the disk. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void attempt(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.CANNOT_WRITE,
          "%s cannot write %s: %s. Make room or choose another place."
              .formatted(getClass().getSimpleName(), partial, e),
          e);
    }
  }
}
