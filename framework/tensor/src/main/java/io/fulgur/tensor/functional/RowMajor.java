package io.fulgur.tensor.functional;

import io.fulgur.tensor.Tensor;

/** Row-major copies of what lies channels-last. */
final class RowMajor {
  private RowMajor() {}

  static Tensor[] copies(Tensor... tensors) {
    Tensor[] copies = new Tensor[tensors.length];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = tensors[i].contiguous();
    }
    return copies;
  }
}
