package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.testing.Optimizers;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.EngineStatistics;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop that does the same again allocates and prepares nothing, whatever it is made of. */
class SteadyTrainingTest {
  private static final int BATCH = 8;

  static Stream<Arguments> optimizers() {
    return Optimizers.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  private static Module net() {
    return new Sequential(
        new Flatten(),
        new Linear(12, 16),
        new ReLU(),
        new Dropout(0.1),
        new LayerNorm(16),
        new Linear(16, 16),
        new GELU(),
        new Linear(16, 5));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void steps_afterTheFirstFew_allocateAndPrepareNothing(
      String name, Function<List<Parameter>, Optimizer> factory) {
    Module net = net();
    Optimizer optimizer = factory.apply(net.parameters());
    Tensor images = Tensor.ones(BATCH, 3, 4);
    Tensor labels = Tensor.of(IntStream.range(0, BATCH).mapToLong(i -> i % 5).toArray(), BATCH);
    EngineStatistics statistics = Engine.defaultEngine().statistics();

    train(net, optimizer, images, labels, 10);
    List<Long> before = counters(statistics);
    train(net, optimizer, images, labels, 50);
    assertThat(counters(statistics)).isEqualTo(before);
  }

  private static List<Long> counters(EngineStatistics statistics) {
    return List.of(
        statistics.allocations(),
        statistics.contexts(),
        statistics.preparedKernels(),
        StepScope.unpredictedCalls(),
        StepScope.pooledBytes());
  }

  private static void train(
      Module net, Optimizer optimizer, Tensor images, Tensor labels, int steps) {
    for (int i = 0; i < steps; i++) {
      try (StepScope ignored = StepScope.open("SteadyTrainingTest")) {
        optimizer.zeroGrad();
        Losses.crossEntropy(net.forward(images), labels).backward();
        GradientClipping.byNorm(optimizer, 1e-3);
        optimizer.step();
      }
    }
  }
}
