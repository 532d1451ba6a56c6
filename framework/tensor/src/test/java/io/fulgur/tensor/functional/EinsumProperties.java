package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Einstein's convention against what else says the same. */
class EinsumProperties {
  private static Tensor draw(long seed, long... shape) {
    return Tensor.uniform(new Generator(seed), -1, 1, DType.F64, shape);
  }

  @Property(tries = 100)
  void einsum_ofTwoMatrices_isTheirProductInAnyLayout(
      @ForAll @IntRange(min = 0, max = 5) int m,
      @ForAll @IntRange(min = 0, max = 5) int k,
      @ForAll @IntRange(min = 0, max = 5) int n,
      @ForAll boolean transposeA,
      @ForAll boolean transposeB,
      @ForAll boolean transposeResult) {
    Tensor a = transposeA ? draw(1, k, m).transpose(0, 1) : draw(1, m, k);
    Tensor b = transposeB ? draw(2, n, k).transpose(0, 1) : draw(2, k, n);
    String equation =
        (transposeA ? "ki" : "ik")
            + ","
            + (transposeB ? "jk" : "kj")
            + "->"
            + (transposeResult ? "ji" : "ij");

    Tensor product =
        Einsum.einsum(
            equation, transposeA ? a.transpose(0, 1) : a, transposeB ? b.transpose(0, 1) : b);

    Tensor expected = a.matmul(b);
    assertThat((transposeResult ? product.transpose(0, 1) : product).toDoubleArray())
        .containsExactly(expected.toDoubleArray(), within(1e-12));
  }

  @Property(tries = 50)
  void einsum_ofThreeOperands_isTheSumOfProducts(
      @ForAll @IntRange(min = 1, max = 3) int i,
      @ForAll @IntRange(min = 1, max = 3) int j,
      @ForAll @IntRange(min = 1, max = 3) int k) {
    Tensor a = draw(1, i, j);
    Tensor b = draw(2, j, k, i);
    Tensor c = draw(3, k);

    Tensor result = Einsum.einsum("ij,jki,k->ji", a, b, c);

    for (int p = 0; p < j; p++) {
      for (int q = 0; q < i; q++) {
        double sum = 0;
        for (int r = 0; r < k; r++) {
          sum +=
              a.select(0, q).select(0, p).item()
                  * b.select(0, p).select(0, r).select(0, q).item()
                  * c.select(0, r).item();
        }
        assertThat(result.select(0, p).select(0, q).item()).isCloseTo(sum, within(1e-12));
      }
    }
  }
}
