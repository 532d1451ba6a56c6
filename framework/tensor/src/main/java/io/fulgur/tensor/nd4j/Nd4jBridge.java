package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Exchanges values with code written for ND4J. Both directions copy, so that neither side depends
 * on how long the other keeps its memory.
 *
 * @since 0.1
 */
public final class Nd4jBridge {
  private Nd4jBridge() {}

  /**
   * Returns a tensor with an array's values, in the open step scope if there is one.
   *
   * @throws IllegalArgumentException if the array's type has no counterpart
   */
  public static Tensor toTensor(INDArray array) {
    DType dtype = type(array.dataType());
    Tensor tensor = Tensor.zeros(dtype, array.shape());
    if (!array.isEmpty()) {
      Nd4jArrays.of(tensor.view()).assign(array);
    }
    return tensor;
  }

  /** Returns an array with a tensor's values, in ND4J's own memory. */
  public static INDArray toArray(Tensor tensor) {
    Tensor source = tensor.contiguous();
    if (source.elements() == 0) {
      return Nd4j.create(Nd4jStorage.type(source.dtype()), source.shape().toArray());
    }
    return Nd4jArrays.of(source.view()).dup('c');
  }

  private static DType type(DataType dataType) {
    for (DType dtype : DType.values()) {
      if (Nd4jStorage.type(dtype) == dataType) {
        return dtype;
      }
    }
    throw new IllegalArgumentException(
        "ND4J's type "
            + dataType
            + " has no counterpart. Cast the array first, e.g. with castTo(DataType.FLOAT)");
  }
}
