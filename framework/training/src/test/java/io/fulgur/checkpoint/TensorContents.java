package io.fulgur.checkpoint;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Random;

/** Tensors made from raw bytes, and back. */
final class TensorContents {
  private TensorContents() {}

  static Tensor random(DType dtype, Random random, long... shape) {
    Tensor tensor = Tensor.zeros(dtype, shape);
    byte[] bytes = new byte[(int) (tensor.elements() * dtype.sizeBytes())];
    random.nextBytes(bytes);
    if (dtype == DType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    if (bytes.length == 0) {
      return tensor;
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    tensor.view().storage().copyIn(0, direct);
    return tensor;
  }

  static byte[] bytes(Tensor tensor) {
    int size = (int) (tensor.elements() * tensor.dtype().sizeBytes());
    if (size == 0) {
      return new byte[0];
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(size);
    tensor.view().storage().copyOut(tensor.view().offset() * tensor.dtype().sizeBytes(), direct);
    byte[] bytes = new byte[size];
    direct.flip().get(bytes);
    return bytes;
  }
}
