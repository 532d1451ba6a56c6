package io.fulgur.parquet;

import com.jerolba.carpet.CarpetReader;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.IterableDataset;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Reads samples from a Parquet file: numbers, lists of numbers, and names of classes.
 *
 * <pre>{@code
 * ParquetReader flowers =
 *     ParquetReader.of(file)
 *         .floats("size", "length", "width")
 *         .labels("kind", "species", List.of("daisy", "rose"));
 * ArrayDataset inMemory = flowers.read();
 * IterableDataset fromDisk = flowers.stream().shuffle(10_000);
 * }</pre>
 *
 * @since 0.1
 */
public final class ParquetReader {
  private final Path file;
  private final List<Column> columns = new ArrayList<>();

  private ParquetReader(Path file) {
    this.file = file;
  }

  /** Starts to read a file. */
  public static ParquetReader of(Path file) {
    return new ParquetReader(file);
  }

  /**
   * Reads columns as a value of type F32 and shape {@code [n]}: numbers, truth values as 0 and 1,
   * and lists of these one after the other.
   */
  public ParquetReader floats(String name, String... titles) {
    columns.add(new Column.Floats(name, List.of(titles)));
    return this;
  }

  /** Reads a column of integers as a scalar of type I64. */
  public ParquetReader longs(String name, String title) {
    columns.add(new Column.Longs(name, title));
    return this;
  }

  /**
   * Reads a column of names of classes as a scalar of type I64, the place of the name in a list.
   *
   * @param classes the names there are, in the order of their labels
   */
  public ParquetReader labels(String name, String title, List<String> classes) {
    columns.add(new Column.Labels(name, title, List.copyOf(classes)));
    return this;
  }

  /**
   * Reads everything into memory.
   *
   * @throws FulgurException if the file cannot be read, is no Parquet file, has no rows or no such
   *     column, or a value is not what it is to be; the message names the file, the row (from 0)
   *     and the column
   */
  public ArrayDataset read() {
    checkColumns();
    List<Sample> samples = new ArrayList<>();
    try (Stream<Sample> rows = open()) {
      rows.forEach(samples::add);
    }
    if (samples.isEmpty()) {
      throw new FulgurException(
          ErrorId.EMPTY_DATASET, "%s has no rows. Check what wrote it.".formatted(file));
    }
    return gathered(samples);
  }

  private static ArrayDataset gathered(List<Sample> samples) {
    return ArrayDataset.copyOf(
        new io.fulgur.data.Dataset() {
          @Override
          public long size() {
            return samples.size();
          }

          @Override
          public Sample get(long index) {
            return samples.get((int) index);
          }
        });
  }

  /** Returns the rows in their order, read anew from the file in each epoch. */
  public IterableDataset stream() {
    checkColumns();
    return IterableDataset.ofStream(this::open);
  }

  private void checkColumns() {
    if (columns.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "No columns of %s are to be read. Name them with floats(...), longs(...) or labels(...)."
              .formatted(file));
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // Rows of any schema are maps without a type.
  private Stream<Sample> open() {
    if (!Files.isReadable(file)) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "%s cannot be read. Check that it is a file that this user may read.".formatted(file));
    }
    AtomicLong row = new AtomicLong();
    try {
      Stream<Map> rows = new CarpetReader<>(file.toFile(), Map.class).stream();
      return rows.map(values -> sample((Map<String, Object>) values, row.getAndIncrement()));
    } catch (RuntimeException e) {
      throw invalid(e);
    }
  }

  private FulgurException invalid(RuntimeException cause) {
    return cause instanceof FulgurException known
        ? known
        : new FulgurException(
            ErrorId.INVALID_DATA_FILE,
            "%s cannot be read as a Parquet file: %s. Copy it again from where it is whole, or check its format."
                .formatted(file, cause.getMessage()),
            cause);
  }

  private Sample sample(Map<String, Object> values, long row) {
    String where = "%s, row %d".formatted(file, row);
    Sample sample = null;
    for (Column column : columns) {
      HostArray value = column.read(values, where);
      sample = sample == null ? Sample.of(column.name(), value) : sample.with(column.name(), value);
    }
    if (sample == null) {
      throw new IllegalStateException("The columns were checked before");
    }
    return sample;
  }
}
