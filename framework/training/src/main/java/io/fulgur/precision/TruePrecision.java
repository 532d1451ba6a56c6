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
    for (Tensor tensor : batch.tensors().values()) {
      if (tensor.dtype().isFloating() && tensor.dtype() != dtype) {
        return converted(batch);
      }
    }
    return batch;
  }

  private Batch converted(Batch batch) {
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
