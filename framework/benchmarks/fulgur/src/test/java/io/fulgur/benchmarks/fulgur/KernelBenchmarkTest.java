package io.fulgur.benchmarks.fulgur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured is what it is called: each has a kernel of its provider, which computes. */
class KernelBenchmarkTest {
  static Stream<KernelBenchmark> benchmarks() {
    List<KernelBenchmark> all = new ArrayList<>();
    for (ProductBenchmark.Layer layer : ProductBenchmark.Layer.values()) {
      for (ProductBenchmark.Pass pass : ProductBenchmark.Pass.values()) {
        ProductBenchmark benchmark = new ProductBenchmark();
        benchmark.layer = layer;
        benchmark.pass = pass;
        all.add(benchmark);
      }
    }
    for (ElementwiseBenchmark.Function function : ElementwiseBenchmark.Function.values()) {
      ElementwiseBenchmark benchmark = new ElementwiseBenchmark();
      benchmark.function = function;
      all.add(benchmark);
    }
    for (LayerNormBenchmark.Pass pass : LayerNormBenchmark.Pass.values()) {
      LayerNormBenchmark benchmark = new LayerNormBenchmark();
      benchmark.pass = pass;
      all.add(benchmark);
    }
    for (WhereBenchmark.Condition condition : WhereBenchmark.Condition.values()) {
      WhereBenchmark benchmark = new WhereBenchmark();
      benchmark.condition = condition;
      all.add(benchmark);
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("benchmarks")
  void run_ofEachBenchmark_computesTheOutput(KernelBenchmark benchmark) {
    benchmark.prepare();
    Tensor output = benchmark.outputs().get(0);
    output.fill(Double.NaN);
    benchmark.run();
    benchmark.close();

    assertThat(output.isFinite().all().item()).isEqualTo(1);
  }

  @Test
  void prepare_ofAnOperatorThatTheProviderLacks_isRefused() {
    ElementwiseBenchmark benchmark = new ElementwiseBenchmark();
    benchmark.provider = "host";

    assertThatThrownBy(benchmark::prepare)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host does not take exp");
  }

  @Test
  void prepare_ofAProviderThatIsMissing_isRefused() {
    WhereBenchmark benchmark = new WhereBenchmark();
    benchmark.provider = "nobody";

    assertThatThrownBy(benchmark::prepare)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody");
  }
}
