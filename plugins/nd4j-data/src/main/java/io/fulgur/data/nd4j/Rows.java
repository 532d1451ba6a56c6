package io.fulgur.data.nd4j;

import io.fulgur.data.HostArray;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The samples of one batch of ND4J's, in Java arrays. */
final class Rows {
  private final Map<String, Values> values;
  private final int size;
  private int next;

  /** All rows of one array. */
  private static final class Values {
    private final DataType dtype;
    private final Object array;

    /** Shape of one row. */
    private final long[] shape;

    /** Elements of one row. */
    private final int length;

    private Values(DataType dtype, Object array, long[] shape, int length) {
      this.dtype = dtype;
      this.array = array;
      this.shape = shape;
      this.length = length;
    }

    static Values of(INDArray batch) {
      // Row-major and without holes, so that the buffer is the array.
      INDArray plain = batch.ordering() == 'c' && !batch.isView() ? batch : batch.dup('c');
      int length = (int) (batch.length() / batch.size(0));
      long[] shape = Arrays.copyOfRange(batch.shape(), 1, batch.rank());
      Object array =
          switch (batch.dataType()) {
            case DOUBLE -> plain.data().asDouble();
            case LONG -> plain.data().asLong();
            case INT, UBYTE, BOOL -> plain.data().asInt();
            default -> plain.data().asFloat();
          };
      return new Values(batch.dataType(), array, shape, length);
    }

    HostArray row(int index) {
      int from = index * length;
      int to = from + length;
      return switch (dtype) {
        case DOUBLE -> HostArray.of(Arrays.copyOfRange((double[]) array, from, to), sizes());
        case LONG -> HostArray.of(Arrays.copyOfRange((long[]) array, from, to), sizes());
        case INT -> HostArray.of(Arrays.copyOfRange((int[]) array, from, to), sizes());
        case UBYTE -> HostArray.of(bytes((int[]) array, from), sizes());
        case BOOL -> HostArray.of(booleans((int[]) array, from), sizes());
        default -> HostArray.of(Arrays.copyOfRange((float[]) array, from, to), sizes());
      };
    }

    /** Returns the shape of a row; a label of one number is a row of one. */
    private long[] sizes() {
      return shape.length == 0 ? new long[] {length} : shape;
    }

    private byte[] bytes(int[] ints, int from) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) ints[from + i];
      }
      return bytes;
    }

    private boolean[] booleans(int[] ints, int from) {
      boolean[] booleans = new boolean[length];
      for (int i = 0; i < length; i++) {
        booleans[i] = ints[from + i] != 0;
      }
      return booleans;
    }
  }

  private Rows(Map<String, Values> values, int size) {
    this.values = values;
    this.size = size;
  }

  static Rows of(Map<String, INDArray> arrays) {
    Map<String, Values> values = new LinkedHashMap<>();
    long size = -1;
    for (Map.Entry<String, INDArray> each : arrays.entrySet()) {
      INDArray array = each.getValue();
      if (array.rank() == 0 || (size >= 0 && array.size(0) != size)) {
        throw new FulgurException(
            ErrorId.SHAPE_MISMATCH,
            "\"%s\" of an ND4J batch has shape %s, but other values have %d samples. The first size of all arrays must be the number of samples."
                .formatted(each.getKey(), Arrays.toString(array.shape()), size));
      }
      size = array.size(0);
      values.put(each.getKey(), Values.of(array));
    }
    return new Rows(values, (int) Math.max(0, size));
  }

  boolean hasNext() {
    return next < size;
  }

  Sample next() {
    Map<String, HostArray> row = new LinkedHashMap<>();
    values.forEach((name, all) -> row.put(name, all.row(next)));
    next++;
    return Sample.of(row);
  }
}
