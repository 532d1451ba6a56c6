package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/** Makes tensors whose elements do not lie row-major in memory. */
final class Strided {
  private Strided() {}

  /**
   * Returns the same values in storage of which they are every second element, from the second on,
   * with the dimensions laid out back to front. What lies between is a number that would be
   * noticed.
   */
  static Tensor twin(Tensor x) {
    int rank = x.rank();
    double filler = x.dtype() == DType.BOOL ? 1 : 99;
    if (rank == 0) {
      Tensor three = Tensor.full(filler, x.dtype(), 3);
      Tensor middle = three.select(0, 1);
      middle.assign(x);
      return middle;
    }
    long[] sizes = new long[rank];
    int[] reverse = new int[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = x.size(rank - 1 - i);
      reverse[i] = rank - 1 - i;
    }
    long[] roomy = Arrays.copyOf(sizes, rank);
    roomy[rank - 1] = 2 * sizes[rank - 1] + 1;
    Tensor storage = Tensor.full(filler, x.dtype(), roomy);
    Tensor twin = storage.slice(rank - 1, 1, roomy[rank - 1], 2).permute(reverse);
    twin.assign(x);
    return twin;
  }
}
