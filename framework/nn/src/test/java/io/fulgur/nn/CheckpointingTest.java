package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.testing.RestoresRandomState;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.GradCheck;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith({RestoresRandomState.class, TensorHygiene.class})
class CheckpointingTest {
  private static final int WIDTH = 32;
  private static final int BLOCKS = 8;

  /** A block that, as most code, holds what is inside of it until the step ends. */
  private static final class Block extends Module {
    private final Linear in = new Linear(WIDTH, 4 * WIDTH);
    private final Dropout dropout = new Dropout(0.3);
    private final Linear out = new Linear(4 * WIDTH, WIDTH);
    private final RunningMean mean = new RunningMean();

    @Override
    public Tensor forward(Tensor input) {
      Tensor hidden = dropout.call(in.call(input).gelu());
      return out.call(mean.call(hidden)).add(input);
    }
  }

  /** Adds the running mean, which each call moves, as batch norm and spectral norm do. */
  private static final class RunningMean extends Module {
    private final Buffer mean = Buffer.of(Tensor.zeros(1));
    private final Buffer calls = Buffer.of(Tensor.of(new long[] {0}, 1));

    @Override
    public Tensor forward(Tensor input) {
      Tensor now = Autograd.noGrad(() -> input.mean().reshape(1));
      mean.assign(mean.detach().mul(0.9).add(now.mul(0.1)));
      calls.assign(calls.add(Tensor.of(new long[] {1}, 1)));
      return input.add(mean.detach());
    }
  }

  private static Sequential net(UnaryOperator<Module> wrapper) {
    Generator.defaultGenerator().seed(7);
    List<Module> layers = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      layers.add(wrapper.apply(new Block()));
    }
    layers.add(new Linear(WIDTH, 3));
    return new Sequential(layers);
  }

  private record Outcome(List<float[]> values, long pooledBytes) {}

  /** Trains some steps by plain descent and returns losses, gradients, weights and buffers. */
  private static Outcome train(Sequential net, boolean inScope) {
    return train(net, inScope, 64, WIDTH);
  }

  private static Outcome train(Sequential net, boolean inScope, long... inputShape) {
    Tensor x = Tensor.uniform(new Generator(3), -1, 1, DType.F32, inputShape);
    Generator.defaultGenerator().seed(11);
    StepScope.clearThread();
    List<float[]> values = new ArrayList<>();
    for (int step = 0; step < 3; step++) {
      net.zeroGrad();
      StepScope scope = inScope ? StepScope.open("train") : null;
      try {
        Tensor loss = net.call(x).square().mean();
        loss.backward();
        values.add(loss.toFloatArray());
      } finally {
        if (scope != null) {
          scope.close();
        }
      }
      for (Parameter parameter : net.parameters()) {
        values.add(parameter.grad().toFloatArray());
        parameter.assign(parameter.detach().sub(parameter.grad().mul(0.1)));
      }
    }
    net.stateDict().values().forEach(tensor -> values.add(tensor.toFloatArray()));
    values.add(new float[] {Generator.defaultGenerator().offset()});
    return new Outcome(values, StepScope.pooledBytes());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void training_withCheckpoints_isBitwiseThatWithout(boolean inScope) {
    Outcome plain = train(net(block -> block), inScope);
    Outcome checkpointed = train(net(Checkpointing::of), inScope);

    assertThat(checkpointed.values()).hasSameSizeAs(plain.values());
    for (int i = 0; i < plain.values().size(); i++) {
      assertThat(checkpointed.values().get(i)).containsExactly(plain.values().get(i));
    }
  }

  @Test
  void training_withNestedCheckpoints_isBitwiseThatWithout() {
    Outcome plain = train(net(block -> block), /* inScope= */ true);
    Sequential inner = net(Checkpointing::of);
    List<Module> layers = inner.layers();
    Sequential nested =
        new Sequential(
            Checkpointing.of(new Sequential(layers.get(0), layers.get(1))),
            Checkpointing.of(Checkpointing.of(new Sequential(layers.subList(2, 5)))),
            new Sequential(layers.subList(5, BLOCKS)),
            layers.get(BLOCKS));

    Outcome checkpointed = train(nested, /* inScope= */ true);

    for (int i = 0; i < plain.values().size(); i++) {
      assertThat(checkpointed.values().get(i)).containsExactly(plain.values().get(i));
    }
  }

  @Test
  void backward_outsideOfTheAutocastRegion_recomputesInside() {
    Tensor x = Tensor.uniform(new Generator(3), -1, 1, DType.F32, 8, WIDTH);
    List<float[]> gradients = new ArrayList<>();
    for (UnaryOperator<Module> wrapper :
        List.<UnaryOperator<Module>>of(b -> b, Checkpointing::of)) {
      Sequential net = net(wrapper);
      Generator.defaultGenerator().seed(11);
      try (StepScope scope = StepScope.open("step")) {
        Tensor loss;
        try (Autocast ignored = Autocast.to(DType.BF16)) {
          loss = net.call(x).to(DType.F32).square().mean();
        }
        loss.backward();
      }
      assertThat(Autocast.dtype()).isNull();
      gradients.add(net.parameters().get(0).grad().toFloatArray());
    }
    assertThat(gradients.get(1)).containsExactly(gradients.get(0));
  }

  @Test
  void training_withCheckpoints_takesLessMemory() {
    long plain = train(net(block -> block), /* inScope= */ true).pooledBytes();
    long checkpointed = train(net(Checkpointing::of), /* inScope= */ true).pooledBytes();

    // Eight blocks' insides, against one's and the borders.
    assertThat(checkpointed).isLessThan(4 * plain / 10);
  }

  @Test
  void training_withCheckpoints_preparesNothingInASteadyLoop() {
    Sequential net = net(Checkpointing::of);
    Tensor x = Tensor.ones(8, WIDTH);
    long before = 0;
    for (int step = 0; step < 5; step++) {
      if (step == 4) {
        before = Engine.defaultEngine().statistics().preparedKernels();
      }
      try (StepScope scope = StepScope.open("train")) {
        net.call(x).square().mean().backward();
      }
    }
    assertThat(Engine.defaultEngine().statistics().preparedKernels()).isEqualTo(before);
  }

  @Test
  void output_usedByTwoConsumers_hasTheGradientOfBoth() {
    GradCheck.check(
        in -> {
          Tensor y = Checkpointing.of(new Tanh()).call(in[0]);
          return y.mul(y).add(y.exp()).add(in[0]);
        },
        Tensor.of(new double[] {0.5, -1, 2}, 3));
  }

  @Test
  void run_ofSeveralInputsAndOutputs_hasTheirGradients() {
    Checkpointing part = Checkpointing.of(new Identity());
    Function<Tensor[], Tensor[]> both =
        in -> new Tensor[] {in[0].mul(in[1]), in[0], in[1].square().add(in[0].exp())};
    GradCheck.check(
        in -> {
          Tensor[] out = part.run(both, in[0], in[1]);
          return out[0].mul(out[1]).add(out[2]).mul(out[2]);
        },
        Tensor.of(new double[] {0.5, -1}, 2),
        Tensor.of(new double[] {1.5, 0.3}, 2));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void part_usingATensorFromOutside_givesItItsGradient(boolean inScope) {
    Tensor x = Tensor.full(0.3, DType.F32, 2).requiresGrad(true);
    StepScope scope = inScope ? StepScope.open("step") : null;
    try {
      Tensor outside = x.mul(3);
      Module part =
          new Module() {
            @Override
            public Tensor forward(Tensor input) {
              Tensor inner = Checkpointing.of(new Tanh()).call(input.mul(outside));
              return inner.mul(outside.square());
            }
          };
      Tensor y = Checkpointing.of(part).call(x.mul(2));
      outside.mul(5).add(y).sum().backward();
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
    // 15x + 9x² tanh(6x²)
    double tanh = Math.tanh(6 * 0.09);
    double expected = 15 + 18 * 0.3 * tanh + 9 * 0.09 * 12 * 0.3 * (1 - tanh * tanh);
    assertThat(x.grad().toDoubleArray())
        .containsExactly(new double[] {expected, expected}, Offset.offset(1e-4));
  }

  @Test
  void part_drawingFromAGeneratorOfItsOwn_drawsTheSameAgain() {
    Generator own = new Generator(5);
    Module noisy =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            return Functional.dropout(input, 0.5, own);
          }
        };
    Tensor x = Tensor.ones(50).requiresGrad(true);

    Tensor y = Checkpointing.of(noisy, own).call(x);
    long offset = own.offset();
    y.sum().backward();

    assertThat(x.grad().toFloatArray()).containsExactly(y.toFloatArray());
    assertThat(own.offset()).isEqualTo(offset);
  }

  @Test
  void grad_throughACheckpoint_isThatOfTheInput() {
    Tensor x = Tensor.of(new float[] {2, 3}, 2).requiresGrad(true);
    try (StepScope scope = StepScope.open("step")) {
      Tensor inner = x.mul(2);
      Tensor y = Checkpointing.of(new Tanh()).call(inner);
      Tensor[] grads = Autograd.grad(y.mul(0).add(inner.square()).sum(), x, inner);
      assertThat(grads[0].toFloatArray()).containsExactly(16, 24);
      assertThat(grads[1].toFloatArray()).containsExactly(8, 12);
    }
    assertThat(x.grad()).isNull();
  }

  @Test
  void backward_withTheGraphRetained_canBeRepeated() {
    Linear linear = new Linear(2, 2);
    Tensor loss = Checkpointing.of(linear).call(Tensor.ones(1, 2)).sum();

    loss.backward(/* retainGraph= */ true);
    loss.backward();

    assertThat(linear.bias().grad().toFloatArray()).containsExactly(2, 2);
  }

  @Test
  void backward_afterAParameterWasWritten_isAnError() {
    Linear linear = new Linear(2, 2);
    Tensor loss = Checkpointing.of(linear).call(Tensor.ones(1, 2)).sum();
    linear.weight().fill(0);

    assertThatThrownBy(loss::backward)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.MODIFIED_IN_PLACE));
  }

  @Test
  void backward_ofAPartThatComputesSomethingElseTheSecondTime_isAnError() {
    List<Integer> calls = new ArrayList<>();
    Module fickle =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            calls.add(1);
            return input.slice(0, 0, calls.size());
          }
        };
    Tensor loss = Checkpointing.of(fickle).call(Tensor.ones(3).requiresGrad(true)).sum();

    assertThatThrownBy(loss::backward)
        .hasMessageContaining("returned F32[1], but F32[2] when computed again");
    assertThat(Checkpointing.isRecomputing()).isFalse();
  }

  @Test
  void isRecomputing_isTrueInTheSecondRunAlone() {
    List<Boolean> runs = new ArrayList<>();
    Module part =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            runs.add(Checkpointing.isRecomputing());
            return input.tanh();
          }
        };
    Checkpointing.of(part).call(Tensor.ones(1).requiresGrad(true)).sum().backward();
    Checkpointing.of(part).call(Tensor.ones(1));

    assertThat(runs).containsExactly(false, true, false);
  }

  @Test
  void namesOfParametersAndBuffers_areThoseWithoutIt() {
    Map<String, Tensor> plain = net(block -> block).stateDict();
    Sequential checkpointed = net(Checkpointing::of);

    assertThat(checkpointed.stateDict().keySet()).containsExactlyElementsOf(plain.keySet());
    assertThat(checkpointed.namedModules().keySet())
        .contains("0", "0.(module)", "0.in", "0.mean", "8");
    checkpointed.eval();
    assertThat(checkpointed.namedModules().get("0.dropout").isTraining()).isFalse();
    checkpointed.loadStateDict(plain);
  }
}
