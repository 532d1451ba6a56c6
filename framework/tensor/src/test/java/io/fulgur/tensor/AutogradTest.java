package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TensorHygiene.class)
class AutogradTest {
  private static Tensor leaf(float... values) {
    return Tensor.of(values, values.length).requiresGrad(true);
  }

  private static float[] grad(Tensor leaf) {
    Tensor grad = leaf.grad();
    return grad == null ? new float[0] : grad.toFloatArray();
  }

  @Test
  void backward_throughAValueUsedTwice_addsBothPaths() {
    Tensor x = leaf(2, 3);
    Tensor square = x.mul(x);

    square.mul(square).add(square).sum().backward();

    // d(x^4 + x^2) = 4x^3 + 2x
    assertThat(grad(x)).containsExactly(36, 114);
  }

  @Test
  void backward_calledTwiceOnNewGraphs_accumulates() {
    Tensor x = leaf(1, 2);

    x.mul(3).sum().backward();
    x.mul(4).sum().backward();
    assertThat(grad(x)).containsExactly(7, 7);

    x.zeroGrad();
    assertThat(x.grad()).isNull();
    x.mul(5).sum().backward();
    assertThat(grad(x)).containsExactly(5, 5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linear_backwardTwice_accumulatesInTheLeafsOwnMemory(boolean inScope) {
    Parameter weight = Parameter.of(Tensor.of(new float[] {1, 2}, 1, 2));
    Parameter bias = Parameter.of(Tensor.of(new float[] {1}, 1));
    FlatBuffer.of(java.util.List.of(weight, bias));
    for (int i = 0; i < 3; i++) {
      if (inScope) {
        try (StepScope scope = StepScope.open("step")) {
          Tensor.of(new float[] {3, 4}, 1, 2).linear(weight, bias).sum().backward();
        }
      } else {
        Tensor.of(new float[] {3, 4}, 1, 2).linear(weight, bias).sum().backward();
      }
    }

    assertThat(grad(weight)).containsExactly(9, 12);
    assertThat(grad(bias)).containsExactly(3);
  }

  @Test
  void backward_againOnTheSameGraph_isAClearError() {
    Tensor loss = leaf(1, 2).square().sum();
    loss.backward();

    assertThatThrownBy(() -> loss.backward())
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.GRAPH_ALREADY_USED))
        .hasMessageContaining("retainGraph")
        .hasMessageContaining("AutogradTest.java");
  }

  @Test
  void backward_retainingTheGraph_canBeRepeated() {
    Tensor x = leaf(3);
    Tensor loss = x.square().sum();

    loss.backward(/* retainGraph= */ true);
    loss.backward();

    assertThat(grad(x)).containsExactly(12);
  }

  @Test
  void backward_afterAParameterWasWritten_isAClearError() {
    Parameter weight = Parameter.of(Tensor.ones(2));
    Tensor loss = weight.square().sum();
    weight.assign(Tensor.zeros(2));

    assertThatThrownBy(() -> loss.backward())
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MODIFIED_IN_PLACE));
  }

  @Test
  void grad_ofSeveralInputs_leavesLeavesAlone() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor inner = x.mul(y);
    Tensor unused = leaf(9);

    Tensor[] grads = Autograd.grad(inner.square().sum(), x, inner, unused);

    assertThat(grads[0].toFloatArray()).containsExactly(18, 64);
    assertThat(grads[1].toFloatArray()).containsExactly(6, 16);
    assertThat(grads[2].toFloatArray()).containsExactly(0);
    assertThat(x.grad()).isNull();
    assertThat(y.grad()).isNull();
  }

  @Test
  void grad_ofALeafUsedThreeTimes_addsAllPaths() {
    Tensor x = leaf(1, 2);
    try (StepScope scope = StepScope.open("step")) {
      Tensor[] grads = Autograd.grad(x.mul(2).add(x.mul(3)).add(x.square()).sum(), x);

      assertThat(grads[0].toFloatArray()).containsExactly(7, 9);
    }
  }

  @Test
  void detach_cutsTheGraph() {
    Tensor x = leaf(2);

    x.mul(x.detach()).sum().backward();

    assertThat(grad(x)).containsExactly(2);
  }

  @Test
  void hook_onAnInnerTensor_seesAndReplacesTheWholeGradient() {
    Tensor x = leaf(1, 2);
    Tensor inner = x.mul(3);
    float[][] seen = new float[1][];
    inner.registerHook(
        grad -> {
          seen[0] = grad.toFloatArray();
          return grad.mul(10);
        });

    inner.add(inner).sum().backward();

    assertThat(seen[0]).containsExactly(2, 2);
    assertThat(grad(x)).containsExactly(60, 60);
  }

  @Test
  void hook_onALeaf_seesTheSumOverAllItsUses() {
    Tensor x = leaf(1, 2);
    int[] calls = new int[1];
    x.registerHook(
        grad -> {
          calls[0]++;
          return grad.neg();
        });

    x.mul(2).add(x.mul(3)).sum().backward();

    assertThat(calls[0]).isEqualTo(1);
    assertThat(grad(x)).containsExactly(-5, -5);
    assertThat(x.isLeaf()).isTrue();
  }

  @Test
  void backward_inAScope_givesActivationsThatWerePassedOnBackToThePool() {
    Parameter weight = Parameter.of(Tensor.ones(4, 4));
    int layers = 30;
    try (StepScope scope = StepScope.open("step")) {
      Tensor x = Tensor.ones(4, 4);
      for (int i = 0; i < layers; i++) {
        Tensor next = x.matmul(weight).relu();
        x.release();
        x = next;
      }
      long forward = StepScope.pooledBytes();
      x.sum().backward();

      // The backward pass runs in the memory that it frees on its way.
      assertThat(StepScope.pooledBytes() - forward).isLessThan(forward / 4);
    }
  }

  @Test
  void release_inNoGrad_givesMemoryBackAtOnce() {
    try (StepScope scope = StepScope.open("step");
        Autograd.NoGrad off = Autograd.noGrad()) {
      Tensor x = Tensor.ones(64);
      for (int i = 0; i < 50; i++) {
        Tensor next = x.add(1);
        x.release();
        x = next;
      }

      assertThat(x.toFloatArray()).containsOnly(51);
      assertThat(StepScope.pooledBytes()).isLessThanOrEqualTo(2 * 64 * Float.BYTES);
    }
  }

  @Test
  void release_thenUse_isAClearError() {
    try (StepScope scope = StepScope.open("step")) {
      Tensor x = Tensor.ones(2).add(1);
      x.release();

      assertThatThrownBy(() -> x.add(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("release()");
    }
  }

  @Test
  void backward_fromManyElements_asksForAReduction() {
    assertThatThrownBy(() -> leaf(1, 2).mul(2).backward()).hasMessageContaining("mean()");
  }

  @Test
  void backward_ofNothingTracked_saysWhy() {
    assertThatThrownBy(() -> Tensor.ones(2).sum().backward()).hasMessageContaining("noGrad()");
  }
}
