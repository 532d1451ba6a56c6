package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class AnomalyDetectionTest {
  private static final class Broken extends AutogradFunction {
    @Override
    protected Tensor[] forward(Context context, Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(2), inputs[0].mul(3)};
    }

    @Override
    protected Tensor[] backward(Context context, Tensor... grads) {
      return new Tensor[] {grads[0].mul(Double.NaN)};
    }
  }

  private static Tensor leaf(double... values) {
    return Tensor.of(values, values.length).requiresGrad(true);
  }

  @Test
  void backward_rootOfZeroTimesZero_namesTheOperatorAndItsLine() {
    Tensor x = leaf(4, 0, 1);
    Tensor zeros = Tensor.of(new double[] {1, 0, 1}, 3);
    try (AnomalyDetection ignored = Autograd.detectAnomaly()) {
      Tensor loss = x.sqrt().mul(zeros).sum();

      // 0 * 1 / (2 sqrt(0)) is NaN, though the loss is finite.
      assertThat(loss.item()).isEqualTo(3);
      assertThatThrownBy(loss::backward)
          .isInstanceOf(FulgurException.class)
          .hasMessageMatching(
              "\\[NonFiniteGradient] The backward pass of sqrt made NaN in the gradient of an"
                  + " input: 1 of its 3 numbers, shape \\[3]\\. The call was at .*"
                  + "AnomalyDetectionTest\\.backward_rootOfZeroTimesZero_namesTheOperatorAndItsLine"
                  + "\\(AnomalyDetectionTest\\.java:\\d+\\)\\. The root .*");
    }
  }

  @Test
  void backward_operatorOfSeveralOutputs_isNamed() {
    Tensor x = leaf(1, 2);
    try (AnomalyDetection ignored = Autograd.detectAnomaly()) {
      Tensor[] outputs = new Broken().applyAll(x);

      assertThatThrownBy(() -> outputs[0].add(outputs[1]).sum().backward())
          .hasMessageContaining("The backward pass of AnomalyDetectionTest.Broken made NaN")
          .hasMessageContaining("AnomalyDetectionTest.java");
    }
  }

  @Test
  void backward_closed_letsNaNPass() {
    Tensor x = leaf(0);
    try (AnomalyDetection ignored = Autograd.detectAnomaly()) {
      assertThat(AnomalyDetection.current()).isSameAs(ignored);
    }
    x.sqrt().mul(0).sum().backward();

    assertThat(AnomalyDetection.current()).isNull();
    assertThat(x.grad().item()).isNaN();
  }

  @Test
  void backward_finite_givesTheSameGradients() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = leaf(1, 2, 3);
    x.square().add(x.exp()).sum().backward();
    try (AnomalyDetection ignored = Autograd.detectAnomaly()) {
      y.square().add(y.exp()).sum().backward();
    }

    assertThat(y.grad().toDoubleArray()).isEqualTo(x.grad().toDoubleArray());
  }

  @Test
  void originOf_lossThatWentWrong_isTheFirstOperatorOfAll() {
    try (AnomalyDetection detection = Autograd.detectAnomaly()) {
      Tensor logs = Tensor.of(new double[] {-1, 1}, 2).log();
      double loss = logs.mul(2).sum().item();

      assertThat(detection.originOf(loss))
          .startsWith("The first NaN was made by log of [2], called at ")
          .contains("AnomalyDetectionTest.java");
      assertThat(detection.originOf(Double.POSITIVE_INFINITY)).isEmpty();
      assertThat(detection.originOf(1)).isEmpty();
    }
    try (AnomalyDetection detection = Autograd.detectAnomaly()) {
      double loss = Tensor.of(new double[] {0}, 1).log().neg().sum().item();

      assertThat(detection.originOf(loss)).startsWith("The first infinity was made by log of [1]");
    }
  }

  @Test
  void originOf_valueThatWasGiven_isNobody() {
    try (AnomalyDetection detection = Autograd.detectAnomaly()) {
      double loss = Tensor.of(new double[] {Double.NaN, 1}, 2).mul(2).sum().item();

      assertThat(detection.originOf(loss)).isEmpty();
    }
  }
}
