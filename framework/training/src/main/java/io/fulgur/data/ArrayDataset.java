package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A data set over arrays that hold all samples, the first dimension being the sample's index.
 * Batches are copied from the arrays directly, which makes this the fastest data set to load from.
 *
 * <pre>{@code
 * Dataset digits =
 *     ArrayDataset.of("image", HostArray.of(pixels, 1797, 64)).with("label", HostArray.of(labels));
 * }</pre>
 *
 * @since 0.1
 */
public final class ArrayDataset implements BulkDataset {
  private final int size;
  private final Map<String, HostArray> columns;

  private ArrayDataset(int size, Map<String, HostArray> columns) {
    this.size = size;
    this.columns = columns;
  }

  /**
   * Makes a data set with one value a sample.
   *
   * @param values of shape {@code [samples, ...]}; not copied
   * @throws FulgurException if it is a scalar
   */
  public static ArrayDataset of(String name, HostArray values) {
    return new ArrayDataset(samples(name, values), Collections.singletonMap(name, values));
  }

  /**
   * Loads all samples of a data set, so that its transforms need not run again. Random transforms
   * are thereby fixed.
   *
   * @throws FulgurException if the data set is empty or its samples differ in names, types or
   *     shapes
   */
  public static ArrayDataset copyOf(Dataset dataset) {
    HostBatch all =
        DatasetBatches.gather(
            dataset,
            SequentialSampler.range(dataset.size()),
            new EpochContext(0, 0),
            Collate.stack(),
            new HostArrays());
    return new ArrayDataset(all.size(), all.values());
  }

  /**
   * Returns this data set with another value a sample.
   *
   * @param values of shape {@code [samples, ...]}; not copied
   * @throws FulgurException if the number of samples differs
   */
  public ArrayDataset with(String name, HostArray values) {
    if (samples(name, values) != size) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          ("\"%s\" has shape %s, so %d samples, but \"%s\" has %d. The first size of all "
                  + "arrays must be equal.")
              .formatted(
                  name, values.shape(), samples(name, values), names().iterator().next(), size));
    }
    Map<String, HostArray> copy = new LinkedHashMap<>(columns);
    copy.put(name, values);
    return new ArrayDataset(size, Collections.unmodifiableMap(copy));
  }

  private static int samples(String name, HostArray values) {
    if (values.shape().rank() == 0) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          ("\"%s\" is a scalar, but the first dimension must be that of the samples. Give it "
                  + "the shape [samples, ...].")
              .formatted(name));
    }
    return Math.toIntExact(values.shape().size(0));
  }

  /** Returns the names of the values in their order. */
  public Set<String> names() {
    return columns.keySet();
  }

  /**
   * Returns all values of a name, of shape {@code [samples, ...]}; not a copy.
   *
   * @throws FulgurException if there are none of this name
   */
  public HostArray values(String name) {
    HostArray values = columns.get(name);
    if (values == null) {
      throw Names.unknown("ArrayDataset", name, columns.keySet());
    }
    return values;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Sample get(long index) {
    Map<String, HostArray> values = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          Shape shape = column.shape().without(0);
          Object row = HostArrays.allocate(column.dtype(), (int) shape.elements());
          copyRow(column, index, row, 0);
          values.put(name, new HostArray(column.dtype(), shape, row));
        });
    return Sample.of(values);
  }

  @Override
  public HostBatch getBatch(long[] indices, HostArrays arrays) {
    Map<String, HostArray> values = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          HostArray out = arrays.take(column.dtype(), column.shape().withSize(0, indices.length));
          for (int i = 0; i < indices.length; i++) {
            copyRow(column, indices[i], out.values(), i);
          }
          values.put(name, out);
        });
    return HostBatch.of(indices.length, values, arrays);
  }

  private void copyRow(HostArray column, long index, Object target, int row) {
    DataErrors.checkIndex(index, size, "The index of a sample of ArrayDataset");
    int length = column.elements() / size;
    System.arraycopy(column.values(), (int) index * length, target, row * length, length);
  }

  /** Returns e.g. {@code ArrayDataset of 1797 {image=F32[1797, 64], label=I64[1797]}}. */
  @Override
  public String toString() {
    return "ArrayDataset of " + size + " " + columns;
  }
}
