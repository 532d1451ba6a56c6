package io.fulgur.tensor.cpu;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of pairs, of any type and broadcast, that ND4J gets wrong.
 *
 * <p>The larger or smaller of a number and a NaN is NaN; ND4J's operators take the second operand
 * then, so that a NaN on the left is lost.
 */
final class PairKernels {
  private PairKernels() {}

  static Kernel maximum(OpCall call) {
    return pairs(call, Math::max, Math::max);
  }

  static Kernel minimum(OpCall call) {
    return pairs(call, Math::min, Math::min);
  }

  /** Division of integers, where ND4J's ends the whole process when the divisor is 0. */
  static @Nullable Kernel div(OpCall call) {
    return call.output(0).dtype().isFloating()
        ? null
        : pairs(call, (a, b) -> a / b, PairKernels::quotient);
  }

  private static long quotient(long dividend, long divisor) {
    if (divisor == 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "div: the integer "
              + dividend
              + " was divided by 0. Convert to a floating-point type with to(DType), where the"
              + " result is infinite, or replace zeros first, e.g. with maskedFill");
    }
    return dividend / divisor;
  }

  /** A function of floating-point numbers. */
  static KernelFactory of(DoubleBinaryOperator function) {
    return call -> pairs(call, function, (a, b) -> 0);
  }

  /** The rest of a truncated division, with the sign of the dividend. */
  static Kernel fmod(OpCall call) {
    return pairs(call, (a, b) -> a % b, (a, b) -> rest(a, b));
  }

  /** The rest of a division rounded down, with the sign of the divisor. */
  static Kernel remainder(OpCall call) {
    return pairs(
        call,
        (a, b) -> {
          double rest = a % b;
          return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
        },
        (a, b) -> {
          long rest = rest(a, b);
          return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
        });
  }

  private static long rest(long dividend, long divisor) {
    return dividend - quotient(dividend, divisor) * divisor;
  }

  private static Kernel pairs(OpCall call, DoubleBinaryOperator reals, LongBinaryOperator longs) {
    Elements a = Elements.of(call.input(0));
    Elements b = Elements.of(call.input(1));
    Elements y = Elements.of(call.output(0));
    BroadcastRuns runs = BroadcastRuns.of(call);
    int run = runs.run();
    return call.output(0).dtype().isFloating()
        ? () ->
            Parallel.run(
                (int) call.output(0).elements(),
                Parallel.SLOW_PIECE,
                (from, to, scratch) -> {
                  double[] block = scratch.reals();
                  for (int i = from; i < to; ) {
                    int n = Math.min(Math.min(Scratch.BLOCK, to - i), run - i % run);
                    a.read(runs.place(0, i), runs.step(0), block, 0, n);
                    b.read(runs.place(1, i), runs.step(1), block, Scratch.BLOCK, n);
                    for (int k = 0; k < n; k++) {
                      block[k] = reals.applyAsDouble(block[k], block[Scratch.BLOCK + k]);
                    }
                    y.write(i, block, n);
                    i += n;
                  }
                })
        : () ->
            Parallel.run(
                (int) call.output(0).elements(),
                Parallel.SLOW_PIECE,
                (from, to, scratch) -> {
                  long[] block = scratch.integers();
                  for (int i = from; i < to; ) {
                    int n = Math.min(Math.min(Scratch.BLOCK, to - i), run - i % run);
                    a.read(runs.place(0, i), runs.step(0), block, 0, n);
                    b.read(runs.place(1, i), runs.step(1), block, Scratch.BLOCK, n);
                    for (int k = 0; k < n; k++) {
                      block[k] = longs.applyAsLong(block[k], block[Scratch.BLOCK + k]);
                    }
                    y.write(i, 1, block, 0, n);
                    i += n;
                  }
                });
  }

  static Kernel clamp(OpCall call) {
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    int elements = (int) call.output(0).elements();
    boolean floating = call.output(0).dtype().isFloating();
    return () -> {
      double low = call.scalar(0);
      double high = call.scalar(1);
      for (int i = 0; i < elements; i++) {
        if (floating) {
          y.put(i, Math.min(Math.max(x.get(i), low), high));
        } else {
          y.putLong(i, Math.min(Math.max(x.getLong(i), (long) low), (long) high));
        }
      }
    };
  }
}
