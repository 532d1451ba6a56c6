package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
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

/**
 * The time of a function of a tensor, alone and with its gradient, on the kernels in Java. The
 * sizes of the subclasses' tensors are those that the benchmarks' models have.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Dfulgur.kernels.exclude=onednn")
public abstract class FunctionBenchmark {
  private static final Generator GENERATOR = new Generator(1);

  private Tensor input = Tensor.zeros(0);
  private Tensor tracked = Tensor.zeros(0);
  private Tensor gradient = Tensor.zeros(0);

  /** What is measured. */
  public interface Function {
    /** Returns what the function is applied to. */
    Tensor input();

    /** Applies it. */
    Tensor apply(Tensor x);
  }

  /** Returns which of the functions is measured. */
  abstract Function function();

  static Tensor random(long... sizes) {
    return Tensor.normal(GENERATOR, 0, 1, DType.F32, sizes);
  }

  static Tensor channelsLast(long... sizes) {
    return random(sizes).contiguous(MemoryFormat.CHANNELS_LAST);
  }

  /** Makes the inputs. */
  @Setup
  public void start() {
    input = function().input();
    boolean differentiable = input.dtype().isFloating();
    tracked = differentiable ? function().input().requiresGrad(true) : input;
    Tensor output = function().apply(input);
    gradient = output.dtype().isFloating() ? Tensor.onesLike(output) : output;
  }

  /** Frees what the scopes have gathered. */
  @TearDown
  public void end() {
    StepScope.clearThread();
  }

  /** Applies the function. */
  @Benchmark
  public void forward() {
    try (StepScope ignored = StepScope.open("forward")) {
      function().apply(input);
    }
  }

  /** Applies the function and computes its gradient, where it has one. */
  @Benchmark
  public void forwardAndBackward() {
    try (StepScope ignored = StepScope.open("backward")) {
      tracked.zeroGrad();
      Tensor output = function().apply(tracked);
      if (output.requiresGrad()) {
        output.backward(gradient);
      }
    }
  }
}
