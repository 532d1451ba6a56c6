package io.fulgur.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import io.fulgur.tensor.cpu.MatrixProduct;
import io.fulgur.tensor.cpu.MatrixProduct.Layout;
import io.fulgur.tensor.cpu.MatrixProduct.Order;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedProductTest {
  @BeforeEach
  void assumeNatives() {
    Agreement.assumeKernelsOf(DType.F32);
  }

  @ParameterizedTest
  @CsvSource({
    "32, 512, 128, false, true, true, true, false",
    "5, 12, 3, false, true, true, true, false",
    "1, 1, 1, false, false, false, true, false",
    "64, 28, 300, true, false, false, false, true",
    "64, 28, 300, true, false, true, false, true",
    "100, 64, 28, false, true, false, false, true"
  })
  void multiply_inAnyOrder_isWhatBlasComputes(
      int rows,
      int columns,
      int depth,
      boolean leftTransposed,
      boolean rightTransposed,
      boolean add,
      boolean reused,
      boolean shared) {
    Tensor left = Agreement.random(DType.F32, rows, depth);
    Tensor right = Agreement.random(DType.F32, depth, columns);
    Tensor other = Agreement.random(DType.F32, columns, depth).transpose(0, 1).contiguous();
    Layout layout =
        new Layout(
            rows,
            columns,
            depth,
            new Order(leftTransposed ? rows : depth, leftTransposed),
            new Order(rightTransposed ? depth : columns, rightTransposed),
            columns,
            add,
            reused,
            shared);
    Tensor y = Agreement.random(DType.F32, rows, columns);
    Tensor expected = y.add(0);
    try (MatrixProduct product = PackedProduct.of(layout, y.view().storage().engine());
        MatrixProduct blas = MatrixProduct.blas(layout)) {
      for (Tensor factor : new Tensor[] {right, other}) {
        product.right(address(factor));
        product.multiply(address(left), address(y));
        blas.right(address(factor));
        blas.multiply(address(left), address(expected));
        assertThat(y.sub(expected).abs().max().item()).isLessThan(1e-4);
      }
    }
  }

  private static long address(Tensor x) {
    View view = Calls.views(x)[0];
    return view.storage().address() + view.offset() * Float.BYTES;
  }
}
