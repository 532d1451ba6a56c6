package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Attention;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TensorHygiene.class)
class FlopCounterTest {
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "BF16"})
  void matmul_isCountedOnce_whoeverComputesIt(DType dtype) {
    try (FlopCounter counter = FlopCounter.start()) {
      Tensor.ones(dtype, 7, 2, 3).matmul(Tensor.ones(dtype, 3, 5));
      assertThat(counter.flops()).isEqualTo(2 * 7 * 2 * 3 * 5);
      assertThat(counter.flopsByOperator()).containsOnlyKeys("matmul");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void training_ofALinearLayer_isThreeTimesItsForwardPass(boolean inScope) {
    Linear linear = new Linear(3, 5);
    Tensor x = Tensor.ones(4, 3).requiresGrad(true);
    for (int step = 0; step < 3; step++) {
      StepScope scope = inScope ? StepScope.open("step") : null;
      try (FlopCounter counter = FlopCounter.start()) {
        Tensor loss = linear.call(x).sum();
        assertThat(counter.flops()).isEqualTo(2 * 4 * 3 * 5);
        loss.backward();
        assertThat(counter.flops()).isEqualTo(3 * 2 * 4 * 3 * 5);
      } finally {
        if (scope != null) {
          scope.close();
        }
      }
    }
  }

  @Test
  void attention_isTwoProductsForwardAndFiveBackward() {
    Tensor query = Tensor.ones(2, 3, 4, 6).requiresGrad(true);
    Tensor key = Tensor.ones(2, 3, 5, 6);
    try (FlopCounter counter = FlopCounter.start()) {
      Tensor out = Attention.scaledDotProduct(query, key, key);
      long product = 2L * 2 * 3 * 4 * 5 * 6;
      assertThat(counter.flops()).isEqualTo(2 * product);
      out.sum().backward();
      assertThat(counter.flops()).isEqualTo(7 * product);
    }
  }

  @Test
  void close_endsTheCount_andInnerCountersTheirOwn() {
    Linear linear = new Linear(3, 5);
    FlopCounter outer = FlopCounter.start();
    linear.call(Tensor.ones(1, 3));
    try (FlopCounter inner = FlopCounter.start()) {
      linear.call(Tensor.ones(1, 3));
      assertThat(inner.flops()).isEqualTo(30);
    }
    outer.close();
    linear.call(Tensor.ones(1, 3));

    assertThat(outer.flops()).isEqualTo(30);
  }
}
