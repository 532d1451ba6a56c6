package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.testing.TensorHygiene;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TensorHygiene.class)
class AutogradFunctionTest {
  /** {@code x, y -> x y², y exp(x)}. */
  private static final class Pair extends AutogradFunction {
    @Override
    protected Tensor[] forward(Context context, Tensor... in) {
      Tensor exp = in[0].exp();
      context.save(in[0], in[1], exp);
      return new Tensor[] {in[0].mul(in[1].square()), in[1].mul(exp)};
    }

    @Override
    protected @Nullable Tensor[] backward(Context context, Tensor... grads) {
      Tensor x = context.saved(0);
      Tensor y = context.saved(1);
      Tensor exp = context.saved(2);
      return new Tensor[] {
        context.needsGrad(0) ? grads[0].mul(y.square()).add(grads[1].mul(y).mul(exp)) : null,
        context.needsGrad(1) ? grads[0].mul(x).mul(y).mul(2).add(grads[1].mul(exp)) : null
      };
    }
  }

  /** Rounds, and passes the gradient through as it is. */
  private static final class StraightThroughRound extends AutogradFunction {
    @Override
    protected Tensor[] forward(Context context, Tensor... in) {
      return new Tensor[] {in[0].round()};
    }

    @Override
    protected Tensor[] backward(Context context, Tensor... grads) {
      return grads;
    }
  }

  /** Returns its input and, as its gradient, whatever it was made with. */
  private static final class Fixed extends AutogradFunction {
    private final @Nullable Tensor[] gradients;

    Fixed(@Nullable Tensor... gradients) {
      this.gradients = gradients;
    }

    @Override
    protected Tensor[] forward(Context context, Tensor... in) {
      context.save(in);
      return new Tensor[] {in[0]};
    }

    @Override
    protected @Nullable Tensor[] backward(Context context, Tensor... grads) {
      return gradients;
    }
  }

  private static Tensor leaf(float... values) {
    return Tensor.of(values, values.length).requiresGrad(true);
  }

  @Test
  void applyAll_ofTwoOutputs_agreesWithFiniteDifferences() {
    Tensor x = Tensor.of(new double[] {0.5, -1, 2}, 3);
    Tensor y = Tensor.of(new double[] {1.5, 0.3, -0.7}, 3);

    GradCheck.check(
        in -> {
          Tensor[] out = new Pair().applyAll(in);
          return out[0].mul(out[1]).add(out[1].square());
        },
        x,
        y);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void applyAll_withOneOutputUnused_countsItsGradientAsZeros(int used) {
    GradCheck.check(
        in -> new Pair().applyAll(in)[used],
        Tensor.of(new double[] {0.5, -1}, 2),
        Tensor.of(new double[] {1.5, 0.3}, 2));
  }

  @Test
  void applyAll_withAnInputThatNeedsNone_givesItNoGradient() {
    Tensor x = leaf(2);
    Tensor y = Tensor.of(new float[] {3}, 1);

    new Pair().applyAll(x, y)[0].sum().backward();

    assertThat(x.grad().toFloatArray()).containsExactly(9);
    assertThat(y.grad()).isNull();
  }

  @Test
  void apply_withAGradientOfOnesOwn_usesIt() {
    Tensor x = leaf(0.4f, 1.6f);

    Tensor y = new StraightThroughRound().apply(x);
    y.mul(Tensor.of(new float[] {3, 5}, 2)).sum().backward();

    assertThat(y.toFloatArray()).containsExactly(0, 2);
    assertThat(x.grad().toFloatArray()).containsExactly(3, 5);
  }

  @Test
  void apply_returningItsInput_leavesTheInputALeaf() {
    Tensor x = leaf(1, 2);

    Tensor y = new Fixed(Tensor.of(new float[] {7, 8}, 2)).apply(x);
    y.sum().backward();

    assertThat(y).isNotSameAs(x);
    assertThat(x.isLeaf()).isTrue();
    assertThat(x.grad().toFloatArray()).containsExactly(7, 8);
  }

  @Test
  void apply_inAStepScope_holdsWhatWasSavedUntilBackward() {
    Tensor x = leaf(1, 2);
    for (int step = 0; step < 3; step++) {
      x.zeroGrad();
      try (StepScope scope = StepScope.open("step")) {
        Tensor hidden = x.mul(2);
        Tensor[] out = new Pair().applyAll(hidden, hidden);
        hidden.release();
        Tensor overwrites = Tensor.full(99, DType.F32, 2);
        out[0].add(overwrites).sum().backward();
      }
      // d(h³)/dx with h = 2x
      assertThat(x.grad().toFloatArray()).containsExactly(24, 96);
    }
  }

  @Test
  void apply_withoutRecording_justComputes() {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      assertThat(new StraightThroughRound().apply(leaf(1.2f)).requiresGrad()).isFalse();
    }
    assertThat(new StraightThroughRound().apply(Tensor.ones(1)).requiresGrad()).isFalse();
  }

  @Test
  void backward_afterWhatWasSavedWasWritten_isAnError() {
    Tensor x = leaf(1, 2);
    Tensor loss = new Fixed(Tensor.ones(2)).apply(x).sum();
    x.fill(3);

    assertThatThrownBy(loss::backward)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MODIFIED_IN_PLACE))
        .hasMessageContaining("AutogradFunctionTest.Fixed");
  }

  @Test
  void backward_withTheWrongNumberOfGradients_isAnError() {
    Tensor loss = new Fixed().apply(leaf(1)).sum();

    assertThatThrownBy(loss::backward)
        .hasMessageContaining(
            "AutogradFunctionTest.Fixed returned 0 gradients, but it has 1 inputs");
  }

  @Test
  void backward_withAGradientOfAnotherShapeOrType_isAnError() {
    Tensor wrongShape = new Fixed(Tensor.ones(3)).apply(leaf(1, 2)).sum();
    assertThatThrownBy(wrongShape::backward)
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[2] and [3]: the gradient of input 0 must have that input's shape");

    Tensor wrongType = new Fixed(Tensor.ones(DType.F64, 2)).apply(leaf(1, 2)).sum();
    assertThatThrownBy(wrongType::backward).isInstanceOf(DTypeException.class);
  }

  @Test
  void save_calledTwice_isAnError() {
    AutogradFunction twice =
        new AutogradFunction() {
          @Override
          protected Tensor[] forward(Context context, Tensor... in) {
            context.save(in);
            context.save(in);
            return in;
          }

          @Override
          protected Tensor[] backward(Context context, Tensor... grads) {
            return grads;
          }
        };
    assertThatThrownBy(() -> twice.apply(leaf(1))).hasMessageContaining("once");
  }

  @Test
  void backward_ofAGradient_tellsThatThereAreNoSecondDerivatives() {
    Tensor x = leaf(1, 2);
    Tensor gradient = Autograd.grad(x.square().sum(), x)[0];

    assertThatThrownBy(() -> gradient.sum().backward())
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.NOT_DIFFERENTIABLE))
        .hasMessageContaining("there are no second derivatives");
  }

  @Test
  void recordAll_withTheGraphRetained_canBeRepeated() {
    Tensor x = leaf(2);
    Tensor y = leaf(3);
    Tensor loss = new Pair().applyAll(x, y)[0].sum();

    loss.backward(/* retainGraph= */ true);
    loss.backward();

    assertThat(x.grad().toFloatArray()).containsExactly(18);
    assertThat(y.grad().toFloatArray()).containsExactly(24);
    assertThatThrownBy(loss::backward)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.GRAPH_ALREADY_USED));
  }
}
