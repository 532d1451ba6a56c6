package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.View;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Looks at Fulgur's memory as ND4J's arrays, without copying. */
final class Nd4jArrays {
  private Nd4jArrays() {}

  static INDArray of(View view) {
    return of(view, view.shape().toArray(), view.strides());
  }

  static INDArray of(View view, long[] shape, long[] strides) {
    return ((Nd4jStorage) view.storage()).array(view.offset(), shape, strides);
  }
}
