package io.fulgur.precision;

import io.fulgur.data.Batch;
import io.fulgur.nn.Module;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

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
        return copied(batch, dtype);
      }
    }
    return batch;
  }

  private static Batch copied(Batch batch, DType dtype) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    batch
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(name, tensor.dtype().isFloating() ? tensor.to(dtype) : tensor));
    return Batch.of(batch.size(), tensors);
  }

  @Override
  public String toString() {
    return dtype + " true";
  }
}
