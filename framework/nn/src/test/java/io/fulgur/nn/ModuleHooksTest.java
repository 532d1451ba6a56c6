package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class ModuleHooksTest {
  /** {@code y = 3x}. */
  private static final class Triple extends Module {
    @Override
    public Tensor forward(Tensor input) {
      return input.mul(3);
    }
  }

  /** {@code x, y -> x y, x + y}; with one input, y is 2. */
  private static final class Pair extends Module {
    Tensor[] forward(Tensor x, Tensor y) {
      return call(in -> new Tensor[] {in[0].mul(in[1]), in[0].add(in[1])}, x, y);
    }

    @Override
    public Tensor forward(Tensor x) {
      return forward(x, Tensor.full(2, x.dtype(), x.shape().toArray()))[0];
    }
  }

  private static Tensor leaf(float... values) {
    return Tensor.of(values, values.length).requiresGrad(true);
  }

  @Test
  void hooks_runInTheOrderOfRegistrationAroundTheForwardPass() {
    List<String> calls = new ArrayList<>();
    Module module =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            calls.add("forward");
            return input;
          }
        };
    module.registerForwardHook((m, in, out) -> note(calls, "after 1", out));
    module.registerForwardPreHook((m, in) -> note(calls, "before 1", in));
    module.registerForwardPreHook((m, in) -> note(calls, "before 2", in));
    module.registerForwardHook((m, in, out) -> note(calls, "after 2", out));

    module.call(Tensor.ones(1));

    assertThat(calls).containsExactly("before 1", "before 2", "forward", "after 1", "after 2");
  }

  private static <T> T note(List<String> calls, String call, T result) {
    calls.add(call);
    return result;
  }

  @Test
  void preHook_returningOthers_replacesTheInputs() {
    Triple triple = new Triple();
    triple.registerForwardPreHook((m, in) -> new Tensor[] {in[0].add(1)});
    triple.registerForwardPreHook((m, in) -> new Tensor[] {in[0].mul(10)});

    assertThat(triple.call(Tensor.ones(1)).item()).isEqualTo(60);
  }

  @Test
  void forwardHook_returningOthers_replacesTheOutputs() {
    Triple triple = new Triple();
    List<Double> seen = new ArrayList<>();
    triple.registerForwardHook(
        (m, in, out) -> {
          seen.add(in[0].item());
          return new Tensor[] {out[0].neg()};
        });

    assertThat(triple.call(Tensor.ones(1)).item()).isEqualTo(-3);
    assertThat(seen).containsExactly(1.0);
  }

  @Test
  void hooks_ofALayer_runInsideOfAContainer() {
    Triple inner = new Triple();
    List<Module> called = new ArrayList<>();
    inner.registerForwardHook((m, in, out) -> note2(called, m, out));

    new Sequential(new ReLU(), new Sequential(inner)).forward(Tensor.ones(1));

    assertThat(called).containsExactly(inner);
  }

  private static Tensor[] note2(List<Module> called, Module module, Tensor[] out) {
    called.add(module);
    return out;
  }

  @Test
  void handle_removed_endsItsHookAlone() {
    Triple triple = new Triple();
    HookHandle first = triple.registerForwardPreHook((m, in) -> new Tensor[] {in[0].add(1)});
    triple.registerForwardPreHook((m, in) -> new Tensor[] {in[0].mul(10)});

    first.remove();
    first.remove();

    assertThat(triple.call(Tensor.ones(1)).item()).isEqualTo(30);
  }

  @Test
  void hook_removingItselfWhileItRuns_ranOnce() {
    Triple triple = new Triple();
    List<String> calls = new ArrayList<>();
    HookHandle[] handle = new HookHandle[1];
    handle[0] =
        triple.registerForwardPreHook(
            (m, in) -> {
              handle[0].remove();
              return note(calls, "once", in);
            });

    triple.call(Tensor.ones(1));
    triple.call(Tensor.ones(1));

    assertThat(calls).containsExactly("once");
  }

  @Test
  void hooks_ofAModuleWithAnotherSignature_seeAllInputsAndOutputs() {
    Pair pair = new Pair();
    pair.registerForwardPreHook((m, in) -> new Tensor[] {in[1], in[0].add(1)});
    pair.registerForwardHook((m, in, out) -> new Tensor[] {out[0], out[1].neg()});

    Tensor[] out = pair.forward(Tensor.full(3, io.fulgur.tensor.DType.F32, 1), Tensor.ones(1));

    assertThat(out[0].item()).isEqualTo(4);
    assertThat(out[1].item()).isEqualTo(-5);
  }

  @Test
  void hooks_ofAMethodThatCallsAnother_runOnce() {
    Pair pair = new Pair();
    List<String> calls = new ArrayList<>();
    pair.registerForwardPreHook((m, in) -> note(calls, in.length + " inputs", in));

    pair.call(Tensor.ones(1));

    assertThat(calls).containsExactly("1 inputs");
  }

  @Test
  void hooks_afterAnExceptionInForward_runAgain() {
    Linear linear = new Linear(2, 2);
    List<String> calls = new ArrayList<>();
    linear.registerForwardPreHook((m, in) -> note(calls, "called", in));

    assertThatThrownBy(() -> linear.call(Tensor.ones(1, 3))).isInstanceOf(FulgurException.class);
    linear.call(Tensor.ones(1, 2));

    assertThat(calls).hasSize(2);
  }

  @Test
  void preHook_returningTheWrongNumberOfInputs_isAnError() {
    Triple triple = new Triple();
    triple.registerForwardPreHook((m, in) -> new Tensor[0]);

    assertThatThrownBy(() -> triple.call(Tensor.ones(1)))
        .hasMessageContaining("returned 0 inputs")
        .hasMessageContaining("must return the one input");
  }

  @Test
  void backwardHook_seesTheGradientsOfInputsAndOutputs() {
    Triple triple = new Triple();
    List<float[]> seen = new ArrayList<>();
    triple.registerFullBackwardHook(
        (m, in, out) -> {
          seen.add(in[0].toFloatArray());
          seen.add(out[0].toFloatArray());
          return in;
        });
    Tensor x = leaf(1, 2);

    triple.call(x.mul(1)).mul(Tensor.of(new float[] {5, 7}, 2)).sum().backward();

    assertThat(seen.get(0)).containsExactly(15, 21);
    assertThat(seen.get(1)).containsExactly(5, 7);
    assertThat(x.grad().toFloatArray()).containsExactly(15, 21);
  }

  @Test
  void backwardHooks_returningOthers_replaceTheGradientInOrder() {
    Triple triple = new Triple();
    triple.registerFullBackwardHook((m, in, out) -> new Tensor[] {in[0].add(1)});
    triple.registerFullBackwardHook((m, in, out) -> new Tensor[] {in[0].mul(10)});
    Tensor x = leaf(1, 2);

    triple.call(x).sum().backward();

    assertThat(x.grad().toFloatArray()).containsExactly(40, 40);
  }

  @Test
  void backwardHook_ofAnInputUsedTwice_seesTheWholeGradientOnce() {
    Module square =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            return input.mul(input).add(input);
          }
        };
    List<float[]> seen = new ArrayList<>();
    square.registerFullBackwardHook(
        (m, in, out) -> {
          seen.add(in[0].toFloatArray());
          return in;
        });
    Tensor x = leaf(3);

    square.call(x).sum().backward();

    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).containsExactly(7);
    assertThat(x.grad().toFloatArray()).containsExactly(7);
  }

  @Test
  void backwardHook_ofAModuleWithAnotherSignature_seesNullWhereNoGradientIs() {
    Pair pair = new Pair();
    List<Boolean> there = new ArrayList<>();
    pair.registerFullBackwardHook(
        (m, in, out) -> {
          there.addAll(List.of(in[0] != null, in[1] != null, out[0] != null, out[1] != null));
          return in;
        });

    pair.forward(leaf(2), Tensor.ones(1))[1].sum().backward();

    assertThat(there).containsExactly(true, false, false, true);
  }

  @Test
  void backwardHook_whereNoInputRequiresAGradient_seesThoseOfTheOutputs() {
    Linear linear = new Linear(2, 1);
    List<float[]> seen = new ArrayList<>();
    linear.registerFullBackwardHook(
        (m, in, out) -> {
          assertThat(in).containsExactly((Tensor) null);
          seen.add(out[0].toFloatArray());
          return in;
        });

    linear.call(Tensor.ones(1, 2)).mul(4).sum().backward();

    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).containsExactly(4);
    assertThat(linear.bias().grad().toFloatArray()).containsExactly(4);
  }

  @Test
  void backwardHook_inAStepScope_givesTheGradientsOfAStepWithout() {
    Sequential net = new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2));
    Tensor x = Tensor.ones(5, 3);
    net.forward(x).square().sum().backward();
    List<float[]> expected = net.parameters().stream().map(p -> p.grad().toFloatArray()).toList();
    net.layers().forEach(layer -> layer.registerFullBackwardHook((m, in, out) -> in));

    for (int step = 0; step < 3; step++) {
      net.zeroGrad();
      try (StepScope scope = StepScope.open("step")) {
        net.forward(x).square().sum().backward();
      }
      for (int i = 0; i < expected.size(); i++) {
        assertThat(net.parameters().get(i).grad().toFloatArray()).containsExactly(expected.get(i));
      }
    }
  }

  @Test
  void backwardHook_withoutRecording_isNotCalled() {
    Triple triple = new Triple();
    triple.registerFullBackwardHook(
        (m, in, out) -> {
          throw new AssertionError("called");
        });
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      assertThat(triple.call(leaf(1)).item()).isEqualTo(3);
    }
  }

  @Test
  void backwardHook_returningAGradientThatDoesNotFit_isAnError() {
    Triple triple = new Triple();
    triple.registerFullBackwardHook((m, in, out) -> new Tensor[] {Tensor.ones(3)});
    assertThatThrownBy(() -> triple.call(leaf(1)).sum().backward())
        .hasMessageContaining("a gradient F32[3] for an input F32[1]");

    Linear linear = new Linear(2, 1);
    linear.registerFullBackwardHook((m, in, out) -> new Tensor[] {Tensor.ones(1, 2)});
    assertThatThrownBy(() -> linear.call(Tensor.ones(1, 2)).sum().backward())
        .hasMessageContaining("a gradient for input 0, which requires none");
  }
}
