package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {

  @Test
  void forward_inEvaluationMode_returnsTheInput() {
    Dropout dropout = new Dropout(0.9);
    dropout.eval();
    Tensor input = Tensor.ones(3);
    assertThat(dropout.forward(input)).isSameAs(input);
  }

  @Test
  void forward_ofProbabilityZero_returnsTheInput() {
    Tensor input = Tensor.ones(3);
    assertThat(new Dropout(0).forward(input)).isSameAs(input);
  }

  @Test
  void forward_ofProbabilityOne_isZero() {
    assertThat(new Dropout(1).forward(Tensor.ones(3)).toFloatArray()).containsOnly(0);
  }

  @Test
  void forward_inTrainingMode_zeroesAShareAndScalesTheRest() {
    Generator.defaultGenerator().seed(3);
    float[] out = new Dropout(0.2).forward(Tensor.ones(10_000)).toFloatArray();
    int zeros = 0;
    for (float value : out) {
      if (value == 0) {
        zeros++;
      } else {
        assertThat(value).isEqualTo(1.25f);
      }
    }
    // Five standard deviations of the binomial distribution.
    assertThat(zeros).isBetween(1800, 2200);
  }

  @Test
  void backward_passesTheGradientWhereTheElementStayed() {
    Tensor input = Tensor.ones(100).requiresGrad(true);
    Tensor out = new Dropout(0.5).forward(input);
    float[] kept = out.toFloatArray();
    out.sum().backward();
    assertThat(input.grad().toFloatArray()).containsExactly(kept);
  }

  @Test
  void forward_afterTheSameSeed_isTheSame() {
    Dropout dropout = new Dropout(0.5);
    Generator.defaultGenerator().seed(11);
    float[] first = dropout.forward(Tensor.ones(50)).toFloatArray();
    float[] second = dropout.forward(Tensor.ones(50)).toFloatArray();
    Generator.defaultGenerator().seed(11);
    assertThat(dropout.forward(Tensor.ones(50)).toFloatArray()).containsExactly(first);
    assertThat(second).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void probability_outOfRange_isRefused(double p) {
    assertThatThrownBy(() -> new Dropout(p))
        .isInstanceOf(FulgurException.class)
        .hasMessage("[InvalidArgument] Dropout: p is " + p + "; allowed is a probability, 0 to 1.");
  }
}
