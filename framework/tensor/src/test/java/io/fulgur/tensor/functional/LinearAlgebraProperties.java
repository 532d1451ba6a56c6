package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What solutions and decompositions must give back. */
class LinearAlgebraProperties {
  private static Tensor draw(long seed, long... shape) {
    return Tensor.normal(new Generator(seed), 0, 1, DType.F64, shape);
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-9));
  }

  @Property(tries = 50)
  void solve_solves(
      @ForAll @IntRange(min = 1, max = 12) int n,
      @ForAll @IntRange(min = 1, max = 4) int k,
      @ForAll @IntRange(max = 1000) int seed) {
    Tensor a = draw(seed, 2, n, n).add(Creation.eye(n, DType.F64).mul(4 * n));
    Tensor b = draw(seed + 1, 2, n, k);

    assertClose(a.matmul(LinearAlgebra.solve(a, b)), b);
    assertClose(LinearAlgebra.inverse(a).matmul(a), LinearAlgebra.identity(a));
  }

  @Property(tries = 50)
  void decompositions_multiplyToTheMatrix(
      @ForAll @IntRange(min = 1, max = 8) int m,
      @ForAll @IntRange(min = 1, max = 8) int n,
      @ForAll @IntRange(max = 1000) int seed) {
    Tensor a = draw(seed, 2, m, n);

    LinearAlgebra.Svd svd = LinearAlgebra.svd(a);
    assertClose(svd.u().mul(svd.s().unsqueeze(-2)).matmul(svd.vt()), a);
    LinearAlgebra.Qr qr = LinearAlgebra.qr(a);
    assertClose(qr.q().matmul(qr.r()), a);
    assertClose(Rearranging.triu(qr.r(), 0), qr.r());
    Tensor inverse = LinearAlgebra.pseudoInverse(a);
    assertClose(a.matmul(inverse).matmul(a), a);
    assertClose(inverse.matmul(a).matmul(inverse), inverse);
  }

  @Property(tries = 50)
  void symmetricDecompositions_multiplyToTheMatrix(
      @ForAll @IntRange(min = 1, max = 8) int n, @ForAll @IntRange(max = 1000) int seed) {
    Tensor half = draw(seed, 2, n, n);
    Tensor a = half.matmul(half.transpose(1, 2)).add(Creation.eye(n, DType.F64));

    Tensor l = LinearAlgebra.cholesky(a);
    assertClose(l.matmul(l.transpose(1, 2)), a);
    assertClose(Rearranging.tril(l, 0), l);
    LinearAlgebra.Eigen eigen = LinearAlgebra.eigh(a);
    assertClose(
        eigen.vectors().mul(eigen.values().unsqueeze(-2)).matmul(eigen.vectors().transpose(1, 2)),
        a);
    assertClose(
        LinearAlgebra.determinant(a).log(), eigen.values().log().sum(/* keepDim= */ false, -1));
  }
}
