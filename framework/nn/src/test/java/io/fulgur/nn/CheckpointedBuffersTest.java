package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.testing.RestoresRandomState;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a forward pass writes to, while parts of it run twice or its backward pass comes late. */
@ExtendWith({RestoresRandomState.class, TensorHygiene.class})
class CheckpointedBuffersTest {
  private static final int STEPS = 3;

  static Stream<Arguments> parts() {
    Map<String, Supplier<Module>> modules = new LinkedHashMap<>();
    modules.put(
        "batch norm of rows",
        () -> new Sequential(new Linear(6, 6), new BatchNorm1d(6), new ReLU(), new Linear(6, 6)));
    modules.put(
        "batch norm of images",
        () ->
            new Sequential(
                new Unflatten(1, 1, 2, 3),
                new Conv2d(1, 2, 1),
                new BatchNorm2d(2),
                new Flatten(),
                new Linear(12, 6)));
    modules.put(
        "cumulative batch norm",
        () ->
            new Sequential(
                new BatchNorm1d(6, BatchNormOptions.defaults().cumulativeAverage()),
                new Linear(6, 6)));
    modules.put(
        "spectral norm",
        () -> new Sequential(new SpectralNorm(new Linear(6, 6), 2), new Tanh(), new Dropout(0.2)));
    return modules.entrySet().stream()
        .flatMap(
            e ->
                Stream.of(
                    Arguments.of(e.getKey() + " in scopes", e.getValue(), true),
                    Arguments.of(e.getKey(), e.getValue(), false)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void training_ofAPartThatWritesBuffers_isBitwiseThatWithoutACheckpoint(
      String name, Supplier<Module> part, boolean inScope) {
    Map<String, List<float[]>> plain = train(part, inScope, /* checkpointed= */ false);
    Map<String, List<float[]>> checkpointed = train(part, inScope, /* checkpointed= */ true);

    assertThat(checkpointed.keySet()).isEqualTo(plain.keySet());
    plain.forEach(
        (value, steps) -> {
          for (int step = 0; step < STEPS; step++) {
            assertThat(checkpointed.get(value).get(step))
                .as("%s in step %d", value, step)
                .containsExactly(steps.get(step));
          }
        });
  }

  /** Returns losses, gradients and buffers by name, after each step. */
  private static Map<String, List<float[]>> train(
      Supplier<Module> part, boolean inScope, boolean checkpointed) {
    Generator.defaultGenerator().seed(5);
    Module made = part.get();
    Sequential net = new Sequential(checkpointed ? Checkpointing.of(made) : made, new Linear(6, 1));
    Tensor x = Tensor.uniform(new Generator(3), -1, 2, DType.F32, 8, 6);
    StepScope.clearThread();
    Map<String, List<float[]>> values = new LinkedHashMap<>();
    for (int step = 0; step < STEPS; step++) {
      net.zeroGrad();
      StepScope scope = inScope ? StepScope.open("train") : null;
      try {
        // Two forward passes before a backward pass, as a discriminator has them.
        Tensor loss = net.call(x).square().mean().add(net.call(x.mul(2)).abs().mean());
        loss.backward();
        note(values, "loss", loss);
      } finally {
        if (scope != null) {
          scope.close();
        }
      }
      for (Map.Entry<String, Parameter> parameter : net.namedParameters().entrySet()) {
        Tensor gradient = parameter.getValue().grad();
        assertThat(gradient).isNotNull();
        note(values, "gradient of " + parameter.getKey(), gradient);
        parameter.getValue().assign(parameter.getValue().detach().sub(gradient.mul(0.1)));
      }
      net.namedBuffers().forEach((name, buffer) -> note(values, name, buffer));
    }
    return values;
  }

  private static void note(Map<String, List<float[]>> values, String name, Tensor value) {
    values.computeIfAbsent(name, n -> new ArrayList<>()).add(value.to(DType.F32).toFloatArray());
  }

  @Test
  void training_ofBatchNormInACheckpoint_countsEachBatchOnce() {
    BatchNorm1d norm = new BatchNorm1d(2);
    Tensor x = Tensor.of(new float[] {0, 2, 4, 2}, 2, 2);

    Checkpointing.of(norm).call(x).square().sum().backward();

    Buffer batches = norm.numBatchesTracked();
    Buffer mean = norm.runningMean();
    assertThat(batches).isNotNull();
    assertThat(mean).isNotNull();
    assertThat(batches.item()).isEqualTo(1);
    assertThat(mean.toFloatArray()).containsExactly(0.2f, 0.2f);
  }

  @Test
  void backward_afterABufferThatItNeedsWasWritten_isAnError() {
    BatchNorm1d norm = new BatchNorm1d(2);
    norm.eval();
    Tensor loss = norm.call(Tensor.ones(3, 2).requiresGrad(true)).sum();
    Buffer mean = norm.runningMean();
    assertThat(mean).isNotNull();

    mean.assign(Tensor.ones(2));

    assertThatThrownBy(loss::backward)
        .asInstanceOf(InstanceOfAssertFactories.type(FulgurException.class))
        .extracting(FulgurException::id)
        .isEqualTo(ErrorId.MODIFIED_IN_PLACE);
  }

  @Test
  void backward_afterTrainingModeMovedTheStatistics_isAnError() {
    BatchNorm1d norm = new BatchNorm1d(2);
    Tensor x = Tensor.of(new float[] {0, 2, 4, 3}, 2, 2).requiresGrad(true);
    norm.eval();
    Tensor loss = norm.call(x).sum();

    norm.train();
    norm.call(x);

    assertThatThrownBy(loss::backward)
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("batchNormInference")
        .hasMessageContaining("was written to after the forward pass");
  }
}
