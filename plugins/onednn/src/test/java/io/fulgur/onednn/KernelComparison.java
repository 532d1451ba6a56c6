package io.fulgur.onednn;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Measures oneDNN's kernels against those that compute a call without the provider, by turns in one
 * JVM. What {@code Rules} takes follows from its table. Run by {@code plugins/onednn/compare} on a
 * machine that does nothing else.
 */
final class KernelComparison {
  private static final int ROUNDS = 9;
  private static final long ROUND_NANOS = 4_000_000;
  private static final double[] NO_SCALARS = {};

  private KernelComparison() {}

  public static void main(String[] arguments) {
    System.setProperty("fulgur.kernels.exclude", "onednn");
    System.out.printf(
        "%-24s %-5s %-18s %10s %10s %7s%n",
        "operator", "type", "shape", "others us", "oneDNN us", "ratio");
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      for (long n : new long[] {64, 512, 4096, 32768, 262144, 1 << 20}) {
        Tensor x = Agreement.random(dtype, n);
        Tensor y = Agreement.random(dtype, n);
        for (Operator one : List.of(Operators.TANH, Operators.SIGMOID)) {
          compare(one, Operators.NONE, x);
        }
        compare(Operators.GELU, false, x);
        compare(Operators.GELU, true, x);
        compare(Operators.CAST, dtype == DType.F32 ? DType.BF16 : DType.F32, x);
        for (Operator two :
            List.of(
                Operators.ADD,
                Operators.MUL,
                Operators.DIV,
                Operators.RELU_BACKWARD,
                Operators.TANH_BACKWARD,
                Operators.SIGMOID_BACKWARD)) {
          compare(two, Operators.NONE, x, y);
        }
        compare(Operators.GELU_BACKWARD, false, x, y);
      }
      for (long[] shape : new long[][] {{8, 10}, {64, 10}, {128, 64}, {8192, 64}, {2048, 1000}}) {
        Tensor x = Agreement.random(dtype, shape);
        compare(Operators.SOFTMAX_BACKWARD, 1, x, x);
        compare(Operators.LOG_SOFTMAX_BACKWARD, 1, x, x);
      }
    }
  }

  private static void compare(Operator operator, Object attributes, Tensor... inputs) {
    Tensor[] outputs = Calls.callAll(operator, attributes, NO_SCALARS, inputs);
    OpCall call =
        OpCall.of(operator, attributes, Calls.views(inputs), Calls.views(outputs), NO_SCALARS);
    Kernel kernel = OneDnnKernelProvider.make(OneDnnKernelProvider.KERNELS.get(operator), call);
    String row =
        "%-24s %-5s %-18s".formatted(operator.name(), inputs[0].dtype(), inputs[0].shape());
    if (kernel == null) {
      System.out.println(row + " oneDNN has no kernel");
      return;
    }
    Runnable others =
        () -> {
          try (StepScope scope = StepScope.open(operator)) {
            Calls.callAll(operator, attributes, NO_SCALARS, inputs);
          }
        };
    double[] median = medians(others, kernel::run);
    kernel.close();
    StepScope.clearThread();
    System.out.printf("%s %10.2f %10.2f %7.2f%n", row, median[0], median[1], median[1] / median[0]);
  }

  private static double[] medians(Runnable... contestants) {
    double[][] micros = new double[contestants.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < contestants.length; i++) {
        int runs = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < ROUND_NANOS) {
          contestants[i].run();
          runs++;
          now = System.nanoTime();
        }
        micros[i][round] = (now - start) / 1e3 / runs;
      }
    }
    return Arrays.stream(micros).mapToDouble(times -> median(times)).toArray();
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
