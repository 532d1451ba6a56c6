package io.fulgur.callback.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.callback.averaging.WeightAverages.Buffers;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.CleanThread;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(CleanThread.class)
class WeightAveragesTest {
  private static final class Net extends FulgurModule {
    final Sequential body = new Sequential(new Linear(3, 4), new Linear(4, 5), new Linear(5, 2));
    final Linear head = new Linear(2, 2);
  }

  private static void fill(FulgurModule module, double value) {
    module.parameters().forEach(each -> each.fill(value));
  }

  private static WeightAverages of(FulgurModule module) {
    return new WeightAverages(module, Buffers.AVERAGED, 0, Map.of());
  }

  private static void assertAll(Map<String, Tensor> tensors, double value) {
    tensors.forEach(
        (name, tensor) -> assertThat(tensor.toDoubleArray()).as(name).containsOnly(value));
  }

  @Test
  void update_flatParameters_isOneCallForEachGroup() {
    Net net = new Net();
    Optimizer optimizer =
        SGD.of(ParameterGroup.of(net.body.parameters()), ParameterGroup.of(net.head.parameters()));
    WeightAverages averages = of(net);
    averages.update(AveragingFunction.equal());
    long calls;
    try (StepScope scope = StepScope.open("WeightAveragesTest")) {
      long before = StepScope.predictedCalls() + StepScope.unpredictedCalls();
      averages.update(AveragingFunction.exponential(0.9));
      calls = StepScope.predictedCalls() + StepScope.unpredictedCalls() - before;
    }

    assertThat(optimizer.groups()).hasSize(2);
    assertThat(calls).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "BF16", "F16"})
  void update_everyFloatingType_averages(DType dtype) {
    Net net = new Net();
    net.to(dtype);
    Optimizer optimizer = SGD.of(net.body.parameters());
    WeightAverages averages = of(net);
    fill(net, 8);
    averages.update(AveragingFunction.equal());
    fill(net, 4);
    averages.update(AveragingFunction.equal());
    assertAll(averages.averaged(), 6);
    fill(net, 2);
    averages.update(AveragingFunction.exponential(0.75));

    assertThat(optimizer.groups()).hasSize(1);
    assertAll(averages.averaged(), 5);
    assertAll(averages.current(), 2);
  }

  @Test
  void update_parametersMoved_keepsTheAverage() {
    Net net = new Net();
    Optimizer optimizer = SGD.of(net.head.parameters());
    WeightAverages averages = of(net);
    fill(net, 8);
    averages.update(AveragingFunction.equal());
    optimizer.addGroup(ParameterGroup.of(net.body.parameters()));
    fill(net, 4);
    averages.update(AveragingFunction.equal());

    assertAll(averages.averaged(), 6);
    averages.swapIn();
    assertAll(net.stateDict(), 6);
    assertAll(averages.current(), 4);
    averages.swapOut();
    assertAll(net.stateDict(), 4);
  }

  @Test
  void update_buffers_areAveragedCopiedOrLeftAlone() {
    class Normalised extends FulgurModule {
      final BatchNorm1d norm = new BatchNorm1d(2);
    }

    Normalised net = new Normalised();
    for (Buffers buffers : Buffers.values()) {
      WeightAverages averages = new WeightAverages(net, buffers, 0, Map.of());
      net.norm.runningMean().fill(8);
      averages.update(AveragingFunction.equal());
      net.norm.runningMean().fill(4);
      net.norm.numBatchesTracked().fill(7);
      averages.update(AveragingFunction.equal());
      Map<String, Tensor> averaged = averages.averaged();

      if (buffers == Buffers.IGNORED) {
        assertThat(averaged).doesNotContainKey("norm.runningMean");
      } else {
        assertThat(averaged.get("norm.runningMean").toDoubleArray())
            .containsOnly(buffers == Buffers.AVERAGED ? 6 : 4);
        assertThat(averaged.get("norm.numBatchesTracked").toLongArray()).containsExactly(7);
      }
    }
  }
}
