package io.fulgur.benchmarks.fulgur;

import io.fulgur.nn.optimizer.Adadelta;
import io.fulgur.nn.optimizer.Adafactor;
import io.fulgur.nn.optimizer.Adagrad;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.nn.optimizer.Lion;
import io.fulgur.nn.optimizer.NAdam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.RAdam;
import io.fulgur.nn.optimizer.RMSprop;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of an optimizer's step for each parameter, of a million in single precision: four layers
 * of 500 x 500 with their biases. {@code COPY} reads a number and writes it, which is what the
 * memory costs at least.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OptimizerStepBenchmark {
  private static final int LAYERS = 4;
  private static final int WIDTH = 500;
  private static final int PARAMETERS = LAYERS * WIDTH * (WIDTH + 1);

  /** The optimizers, with state as they are mostly used. */
  public enum Kind {
    COPY,
    SGD,
    SGD_MOMENTUM,
    ADAM,
    ADAM_W,
    ADAM_AMSGRAD,
    NADAM,
    RADAM,
    RMSPROP,
    RMSPROP_CENTERED_MOMENTUM,
    ADAGRAD,
    ADADELTA,
    LION,
    LARS,
    LAMB,
    ADAFACTOR;

    Optimizer of(List<Parameter> p) {
      return switch (this) {
        case COPY, SGD -> io.fulgur.nn.optimizer.SGD.of(p);
        case SGD_MOMENTUM -> io.fulgur.nn.optimizer.SGD.of(p).momentum(0.9);
        case ADAM -> Adam.of(p);
        case ADAM_W -> AdamW.of(p);
        case ADAM_AMSGRAD -> Adam.of(p).amsgrad(true);
        case NADAM -> NAdam.of(p);
        case RADAM -> RAdam.of(p);
        case RMSPROP -> RMSprop.of(p);
        case RMSPROP_CENTERED_MOMENTUM -> RMSprop.of(p).centered(true).momentum(0.9);
        case ADAGRAD -> Adagrad.of(p);
        case ADADELTA -> Adadelta.of(p);
        case LION -> Lion.of(p).weightDecay(0.1);
        case LARS -> io.fulgur.nn.optimizer.LARS.of(p);
        case LAMB -> io.fulgur.nn.optimizer.LAMB.of(p);
        case ADAFACTOR -> Adafactor.of(p);
      };
    }
  }

  /** Which optimizer. */
  @Param public Kind optimizer = Kind.COPY;

  private final List<Parameter> parameters = new ArrayList<>();
  private Tensor source = Tensor.zeros(0);
  private Tensor target = Tensor.zeros(0);
  private Optimizer stepped = SGD.of(List.of(Parameter.of(Tensor.zeros(1))));

  /** Makes the parameters, and gradients that stay. */
  @Setup
  public void start() {
    Generator generator = new Generator(1);
    for (int i = 0; i < LAYERS; i++) {
      parameters.add(Parameter.of(Tensor.normal(generator, 0, 0.1, DType.F32, WIDTH, WIDTH)));
      parameters.add(Parameter.of(Tensor.normal(generator, 0, 0.1, DType.F32, WIDTH)));
    }
    source = Tensor.normal(generator, 0, 1, DType.F32, PARAMETERS);
    target = Tensor.zeros(PARAMETERS);
    stepped = optimizer.of(parameters);
    for (Parameter parameter : parameters) {
      parameter
          .mul(Tensor.normal(generator, 0, 1e-3, DType.F32, parameter.shape().toArray()))
          .sum()
          .backward();
    }
  }

  /** Frees what the steps have gathered. */
  @TearDown
  public void end() {
    StepScope.clearThread();
  }

  /** Takes a step. */
  @Benchmark
  @OperationsPerInvocation(PARAMETERS)
  public void step() {
    try (StepScope ignored = StepScope.open(optimizer)) {
      if (optimizer == Kind.COPY) {
        target.assign(source);
      } else {
        stepped.step();
      }
    }
  }
}
