package io.fulgur.precision;

import io.fulgur.data.Batch;
import io.fulgur.nn.Module;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;

/** Everything that floats is of one type. Whole numbers, e.g. labels, stay what they are. */
final class TruePrecision implements PrecisionPlugin {
  private final DType dtype;

  TruePrecision(DType dtype) {
    this.dtype = dtype;
  }

  @Override
  public void convertModule(Module module) {
    module.to(dtype);
  }

  @Override
  public Batch convertBatch(Batch batch) {
    return converted(batch, dtype);
  }

  /** Returns a batch whose floating-point tensors are of one type. */
  static Batch converted(Batch batch, DType dtype) {
    for (Tensor tensor : batch.tensors().values()) {
      if (tensor.dtype().isFloating() && tensor.dtype() != dtype) {
        return batch.map(each -> each.dtype().isFloating() ? each.to(dtype) : each);
      }
    }
    return batch;
  }

  @Override
  public String toString() {
    return dtype + " true";
  }
}
