package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one kernel of one provider, without the call of the operator around it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public abstract class KernelBenchmark {
  private Kernel kernel = () -> {};
  private List<Tensor> outputs = List.of();

  /** Returns the name of the {@link KernelProvider}, or {@code engine} for whom that chooses. */
  abstract String provider();

  /** Returns what the parameters of the benchmark ask for. */
  abstract OpCall call();

  /**
   * Prepares the kernel.
   *
   * @throws IllegalArgumentException if there is no such provider, or it does not take the call
   */
  @Setup
  public void prepare() {
    Engine engine = Engine.defaultEngine();
    OpCall call = call();
    Kernel prepared =
        provider().equals("engine") ? engine.prepare(call) : provider(provider()).prepare(call);
    if (prepared == null) {
      throw new IllegalArgumentException(provider() + " does not take " + call);
    }
    kernel = prepared;
  }

  private static KernelProvider provider(String name) {
    return ServiceLoader.load(KernelProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(each -> each.name().equals(name))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("No kernel provider is called " + name));
  }

  final OpCall call(
      Operator operator,
      Object attributes,
      List<Tensor> inputs,
      List<Tensor> into,
      double... scalars) {
    outputs = into;
    return OpCall.of(operator, attributes, views(inputs), views(into), scalars);
  }

  private static View[] views(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::view).toArray(View[]::new);
  }

  final List<Tensor> outputs() {
    return outputs;
  }

  /** Returns numbers of the size that activations have. */
  static Tensor normal(long... shape) {
    return Tensor.normal(new Generator(1), 0, 1, DType.F32, shape);
  }

  /** Frees the kernel. */
  @TearDown
  public void close() {
    kernel.close();
  }

  /** Runs the kernel. */
  @Benchmark
  public void run() {
    kernel.run();
  }
}
