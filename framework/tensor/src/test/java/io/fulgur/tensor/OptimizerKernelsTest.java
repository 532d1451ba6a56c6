package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.testing.TensorHygiene;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class OptimizerKernelsTest {
  @Test
  void sumOfSquares_scaleAndClamp_ofARun_leaveTheRestAlone() {
    for (DType type : List.of(DType.F32, DType.F64)) {
      Tensor x = Tensor.of(new double[] {9, -3, 4, 9}, 4).to(type);
      View run = x.slice(0, 1, 3).view();

      assertThat(OptimizerKernels.sumOfSquares(run)).isEqualTo(25);
      OptimizerKernels.scale(run, 2);
      assertThat(x.toDoubleArray()).containsExactly(9, -6, 8, 9);
      OptimizerKernels.clamp(run, 7);
      assertThat(x.toDoubleArray()).containsExactly(9, -6, 7, 9);
    }
  }
}
