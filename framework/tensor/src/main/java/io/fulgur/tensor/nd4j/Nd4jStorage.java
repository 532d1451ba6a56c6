package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Storage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Host memory, aligned for vector instructions, that ND4J can look at. */
final class Nd4jStorage extends Storage {
  private static final int ALIGNMENT_BYTES = 64;

  private final BytePointer memory;
  private final long address;
  private final long sizeBytes;
  private @Nullable DataBuffer dataBuffer;

  /** All of the memory, as making a buffer takes a call of native code; null until asked for. */
  private @Nullable ByteBuffer whole;

  Nd4jStorage(Engine engine, DType dtype, long elements) {
    super(engine, dtype, elements);
    sizeBytes = Math.max(1, elements * dtype.sizeBytes());
    memory = new BytePointer(sizeBytes + ALIGNMENT_BYTES);
    address = (memory.address() + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  @Override
  public ByteBuffer hostBytes(long offsetBytes, long count) {
    if (count == 0) {
      // To JavaCPP a limit at the position means no limit.
      return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    }
    if (sizeBytes > Integer.MAX_VALUE) {
      return window(offsetBytes, count);
    }
    ByteBuffer all = whole;
    if (all == null) {
      all = window(0, sizeBytes);
      whole = all;
    }
    return all.slice((int) offsetBytes, (int) count).order(ByteOrder.nativeOrder());
  }

  private ByteBuffer window(long offsetBytes, long count) {
    BytePointer window = new BytePointer(memory);
    long start = address - memory.address() + offsetBytes;
    window.position(start).limit(start + count);
    return window.asBuffer().slice().order(ByteOrder.nativeOrder());
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  protected void write(long offsetBytes, ByteBuffer source) {
    hostBytes(offsetBytes, source.remaining()).put(source.duplicate());
  }

  @Override
  public void copyOut(long offsetBytes, ByteBuffer target) {
    target.put(hostBytes(offsetBytes, target.remaining()));
  }

  @Override
  protected void freeMemory() {
    whole = null;
    memory.deallocate();
  }

  /** Returns a window on this memory as ND4J's type, without copying. */
  INDArray array(long offset, long[] shape, long[] strides) {
    DataBuffer buffer = buffer();
    return Nd4j.create(buffer, shape, strides, offset, 'c', buffer.dataType());
  }

  private DataBuffer buffer() {
    DataBuffer buffer = dataBuffer;
    if (buffer == null) {
      buffer = Nd4j.createBuffer(new Address(address), elements(), type(dtype()));
      dataBuffer = buffer;
    }
    return buffer;
  }

  /** A pointer that owns nothing; ND4J casts it as it needs. */
  private static final class Address extends Pointer {
    Address(long at) {
      super((Pointer) null);
      address = at;
    }
  }

  static DataType type(DType dtype) {
    return switch (dtype) {
      case F32 -> DataType.FLOAT;
      case F64 -> DataType.DOUBLE;
      case BF16 -> DataType.BFLOAT16;
      case F16 -> DataType.FLOAT16;
      case I64 -> DataType.INT64;
      case I32 -> DataType.INT32;
      case U8 -> DataType.UINT8;
      case BOOL -> DataType.BOOL;
    };
  }
}
