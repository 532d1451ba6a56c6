package io.fulgur.data;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples that lie in a mapped file at regular places. */
final class FileDataset implements BulkDataset {
  private final MappedFile file;
  private final long size;
  private final List<Field> fields;

  /**
   * One value of every sample.
   *
   * @param name its name
   * @param dtype how it lies in the file
   * @param shape of one sample
   * @param begin place of the first sample's
   * @param stride bytes from one sample's to the next
   * @param label whether an integer is read as I64
   */
  record Field(String name, DType dtype, Shape shape, long begin, long stride, boolean label) {
    DType readAs() {
      return label ? DType.I64 : dtype;
    }
  }

  FileDataset(MappedFile file, long size, List<Field> fields) {
    this.file = file;
    this.size = size;
    this.fields = List.copyOf(fields);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Sample get(long index) {
    Map<String, HostArray> values = new LinkedHashMap<>();
    for (Field field : fields) {
      Object row = HostArrays.allocate(field.readAs(), (int) field.shape().elements());
      read(field, index, row, 0);
      values.put(field.name(), new HostArray(field.readAs(), field.shape(), row));
    }
    return Sample.of(values);
  }

  @Override
  public HostBatch getBatch(long[] indices, HostArrays arrays) {
    Map<String, HostArray> values = new LinkedHashMap<>();
    for (Field field : fields) {
      HostArray out = arrays.take(field.readAs(), field.shape().inserted(0, indices.length));
      for (int i = 0; i < indices.length; i++) {
        read(field, indices[i], out.values(), i * (int) field.shape().elements());
      }
      values.put(field.name(), out);
    }
    return HostBatch.of(indices.length, values, arrays);
  }

  private void read(Field field, long index, Object target, int offset) {
    DataErrors.checkIndex(index, size, "The index of a sample of " + this);
    long position = field.begin() + index * field.stride();
    int count = (int) field.shape().elements();
    if (!field.label() || field.dtype() == DType.I64) {
      file.read(position, field.dtype(), target, offset, count);
      return;
    }
    Object own = HostArrays.allocate(field.dtype(), count);
    file.read(position, field.dtype(), own, 0, count);
    HostArray integers = new HostArray(field.dtype(), field.shape(), own);
    for (int i = 0; i < count; i++) {
      ((long[]) target)[offset + i] = (long) integers.get(i);
    }
  }

  /** Returns the name of the file. */
  @Override
  public String toString() {
    return String.valueOf(file.path().getFileName());
  }
}
