package io.fulgur.tensor.cpu;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
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

  private static Kernel pairs(OpCall call, DoubleBinaryOperator reals, LongBinaryOperator longs) {
    Elements a = Elements.of(call.input(0));
    Elements b = Elements.of(call.input(1));
    Elements y = Elements.of(call.output(0));
    Shape shape = call.output(0).shape();
    int[] stepsA = steps(call.input(0), shape);
    int[] stepsB = steps(call.input(1), shape);
    int elements = (int) shape.elements();
    boolean floating = call.output(0).dtype().isFloating();
    return () -> {
      for (int i = 0; i < elements; i++) {
        int p = place(i, shape, stepsA);
        int q = place(i, shape, stepsB);
        if (floating) {
          y.put(i, reals.applyAsDouble(a.get(p), b.get(q)));
        } else {
          y.putLong(i, longs.applyAsLong(a.getLong(p), b.getLong(q)));
        }
      }
    };
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

  /** Returns the strides of an operand as seen from the output; none if it has all its elements. */
  private static int[] steps(View operand, Shape out) {
    if (operand.elements() == out.elements()) {
      return new int[0];
    }
    int[] steps = new int[out.rank()];
    int extra = out.rank() - operand.shape().rank();
    for (int i = extra; i < steps.length; i++) {
      steps[i] = operand.shape().size(i - extra) == 1 ? 0 : (int) operand.stride(i - extra);
    }
    return steps;
  }

  private static int place(int index, Shape shape, int[] steps) {
    if (steps.length == 0) {
      return index;
    }
    int rest = index;
    int place = 0;
    for (int i = steps.length - 1; i >= 0; i--) {
      int size = (int) shape.size(i);
      place += rest % size * steps[i];
      rest /= size;
    }
    return place;
  }
}
