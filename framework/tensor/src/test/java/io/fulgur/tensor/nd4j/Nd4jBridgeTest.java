package io.fulgur.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@ExtendWith(TensorHygiene.class)
class Nd4jBridgeTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void roundTrip_ofEveryType_keepsValues(DType dtype) {
    Tensor tensor = Tensor.of(new float[] {0, 1, 1, 0, 1, 0}, 2, 3).to(dtype);

    Tensor back = Nd4jBridge.toTensor(Nd4jBridge.toArray(tensor));

    assertThat(back.dtype()).isEqualTo(dtype);
    assertThat(back.shape()).isEqualTo(tensor.shape());
    assertThat(back.toFloatArray()).containsExactly(0, 1, 1, 0, 1, 0);
  }

  @Test
  void toTensor_ofATransposedArray_readsItRowMajor() {
    INDArray array = Nd4j.arange(6).castTo(DataType.FLOAT).reshape(2, 3).transpose();

    assertThat(Nd4jBridge.toTensor(array).toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void toArray_isACopy() {
    Tensor tensor = Tensor.ones(2);
    INDArray array = Nd4jBridge.toArray(tensor);

    tensor.fill(7);

    assertThat(array.toFloatVector()).containsExactly(1, 1);
  }

  @Test
  void toTensor_ofATypeWithoutCounterpart_saysWhatToDo() {
    INDArray array = Nd4j.create(DataType.INT16, 2);

    assertThatThrownBy(() -> Nd4jBridge.toTensor(array)).hasMessageContaining("castTo");
  }
}
