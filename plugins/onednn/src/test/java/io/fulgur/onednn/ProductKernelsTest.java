package io.fulgur.onednn;

import static io.fulgur.onednn.Agreement.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TensorHygiene.class)
class ProductKernelsTest {
  private static final double[] NO_SCALARS = {};

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 7, 1",
    "5, 1, 3",
    "1, 1, 9",
    "8, 32, 10",
    "3, 5, 7",
    "33, 17, 65",
    "64, 784, 512",
    "128, 128, 128"
  })
  void matmul_ofAllOrders_agrees(long m, long k, long n) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Agreement.assumeKernelsOf(dtype);
      Tensor a = random(dtype, m, k);
      Tensor b = random(dtype, k, n);
      Tensor aByColumns = random(dtype, k, m).transpose(0, 1);
      Tensor bByColumns = random(dtype, n, k).transpose(0, 1);

      Agreement.check(Operators.MATMUL, false, NO_SCALARS, a, b);
      Agreement.check(Operators.MATMUL, false, NO_SCALARS, aByColumns, b);
      Agreement.check(Operators.MATMUL, false, NO_SCALARS, a, bByColumns);
      Agreement.check(Operators.MATMUL, false, NO_SCALARS, aByColumns, bByColumns);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void matmul_ofPartsOfLargerMatrices_agrees(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    Tensor a = random(dtype, 20, 30).slice(0, 2, 10).slice(1, 3, 20);
    Tensor b = random(dtype, 40, 17).transpose(0, 1).slice(1, 5, 33);

    Agreement.check(Operators.MATMUL, false, NO_SCALARS, a, b);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "4, 5, 6, 7", "12, 64, 32, 64", "3, 1, 8, 1"})
  void matmul_ofBatches_agrees(long batches, long m, long k, long n) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Agreement.assumeKernelsOf(dtype);
      Tensor a = random(dtype, batches, m, k);
      Tensor b = random(dtype, batches, n, k).transpose(1, 2);

      Agreement.check(Operators.MATMUL, false, NO_SCALARS, a, b);
      Agreement.check(
          Operators.MATMUL, false, NO_SCALARS, a, random(dtype, k, n).expand(batches, k, n));
      Agreement.check(Operators.MATMUL, false, NO_SCALARS, a.unsqueeze(0), b.unsqueeze(0));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void matmul_accumulating_addsToTheOutput(DType dtype) {
    Agreement.assumeKernelsOf(dtype);
    for (long size : new long[] {3, 128}) {
      Tensor a = random(dtype, size, size);
      Tensor b = random(dtype, size, size + 1);
      Tensor out = random(dtype, size, size + 1);
      Tensor expected = out.to(DType.F64).add(a.to(DType.F64).matmul(b.to(DType.F64)));
      OpCall call = OpCall.of(Operators.MATMUL, true, Calls.views(a, b), Calls.views(out));
      try (Kernel kernel = new OneDnnKernelProvider().prepare(call)) {
        assertThat(kernel).isNotNull();
        kernel.run();
      }

      Agreement.close(out, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "8, 32, 10", "64, 256, 10", "64, 784, 512", "7, 3, 1"})
  void linear_agrees(long n, long in, long out) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Agreement.assumeKernelsOf(dtype);

      Agreement.check(
          Operators.LINEAR,
          Operators.NONE,
          NO_SCALARS,
          random(dtype, n, in),
          random(dtype, out, in),
          random(dtype, out));
    }
  }

  @Test
  void matmul_overAnEmptyDimension_isLeftToOthers() {
    Tensor out = Tensor.zeros(2, 3);

    assertThat(
            Agreement.prepare(
                Operators.MATMUL,
                false,
                new Tensor[] {out},
                Tensor.zeros(2, 0),
                Tensor.zeros(0, 3)))
        .isNull();
  }
}
