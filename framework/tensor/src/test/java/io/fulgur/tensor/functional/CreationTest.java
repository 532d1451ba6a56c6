package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class CreationTest {
  @Test
  void arange_excludesTheEnd_inEitherDirection() {
    assertThat(Creation.arange(1, 2, 0.25, DType.F64).toDoubleArray())
        .containsExactly(1, 1.25, 1.5, 1.75);
    assertThat(Creation.arange(3, 0, -1, DType.I64).toLongArray()).containsExactly(3, 2, 1);
    assertThat(Creation.arange(2, 2, 1, DType.F32).toFloatArray()).isEmpty();
    assertThatThrownBy(() -> Creation.arange(0, 1, -1, DType.F32))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("from 0.0 to 1.0")
        .hasMessageContaining("-1.0");
  }

  @Test
  void linspace_hasBothEndsExactly() {
    double[] x = Creation.linspace(0.1, 0.7, 7, DType.F64).toDoubleArray();

    assertThat(x[0]).isEqualTo(0.1);
    assertThat(x[6]).isEqualTo(0.7);
    assertThat(x).containsExactly(new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}, within(1e-15));
    assertThat(Creation.linspace(3, 5, 1, DType.F32).toFloatArray()).containsExactly(3);
    assertThat(Creation.linspace(3, 5, 0, DType.F32).toFloatArray()).isEmpty();
    assertThatThrownBy(() -> Creation.linspace(0, 1, 2, DType.I64))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("linspace of I64");
  }

  @Test
  void logspace_areThePowers() {
    assertThat(Creation.logspace(0, 3, 4, 10, DType.F64).toDoubleArray())
        .containsExactly(new double[] {1, 10, 100, 1000}, within(1e-9));
  }

  @Test
  void eye_hasOnesOnTheDiagonal_ofAnyType() {
    for (DType type : DType.values()) {
      assertThat(Creation.eye(2, 3, type).toDoubleArray()).containsExactly(1, 0, 0, 0, 1, 0);
      assertThat(Creation.eye(2, type).dtype()).isEqualTo(type);
    }
  }
}
