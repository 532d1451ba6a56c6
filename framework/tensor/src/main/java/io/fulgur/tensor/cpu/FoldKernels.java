package io.fulgur.tensor.cpu;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators.Axes;
import io.fulgur.tensor.Shape;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Folds over any dimensions of any type, where a NaN makes the result NaN. */
final class FoldKernels {
  private FoldKernels() {}

  static Kernel max(OpCall call) {
    return call.input(0).dtype().isFloating()
        ? reals(call, Math::max, Double.NEGATIVE_INFINITY)
        : integers(call, Math::max, Long.MIN_VALUE);
  }

  static Kernel min(OpCall call) {
    return call.input(0).dtype().isFloating()
        ? reals(call, Math::min, Double.POSITIVE_INFINITY)
        : integers(call, Math::min, Long.MAX_VALUE);
  }

  /** Products of integers, which ND4J cannot write into their own type. */
  static @Nullable Kernel prod(OpCall call) {
    return call.input(0).dtype().isFloating() ? null : integers(call, (a, b) -> a * b, 1);
  }

  /** Sums of single precision, in double: ND4J's keep one running sum in single precision. */
  static @Nullable Kernel sum(OpCall call) {
    return call.output(0).dtype() == DType.F32 ? reals(call, Double::sum, 0, 1) : null;
  }

  static @Nullable Kernel mean(OpCall call) {
    double count = (double) call.input(0).elements() / call.output(0).elements();
    return call.output(0).dtype() == DType.F32 ? reals(call, Double::sum, 0, 1 / count) : null;
  }

  private static Kernel reals(OpCall call, DoubleBinaryOperator fold, double start) {
    return reals(call, fold, start, /* scale= */ 1);
  }

  private static Kernel reals(OpCall call, DoubleBinaryOperator fold, double start, double scale) {
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    Places places = Places.of(call);
    double[] results = new double[(int) call.output(0).elements()];
    return () -> {
      Arrays.fill(results, start);
      int from = 0;
      for (int to : places.starts) {
        for (int i = 0; i < places.run; i++) {
          results[to] = fold.applyAsDouble(results[to], x.get(from++));
          to += places.step;
        }
      }
      for (int i = 0; i < results.length; i++) {
        y.put(i, results[i] * scale);
      }
    };
  }

  private static Kernel integers(OpCall call, LongBinaryOperator fold, long start) {
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    Places places = Places.of(call);
    long[] results = new long[(int) call.output(0).elements()];
    return () -> {
      Arrays.fill(results, start);
      int from = 0;
      for (int to : places.starts) {
        for (int i = 0; i < places.run; i++) {
          results[to] = fold.applyAsLong(results[to], x.getLong(from++));
          to += places.step;
        }
      }
      for (int i = 0; i < results.length; i++) {
        y.putLong(i, results[i]);
      }
    };
  }

  /**
   * Where the elements of an input go.
   *
   * @param starts the result of the first element of each run along the last dimension
   * @param run the length of a run
   * @param step how far apart the results of neighbours in a run are: 0 or 1
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; read in the innermost loops.
  private record Places(int[] starts, int run, int step) {
    static Places of(OpCall call) {
      Axes axes = call.attributes(Axes.class);
      Shape shape = call.input(0).shape();
      int rank = shape.rank();
      if (rank == 0) {
        return new Places(new int[1], 1, 0);
      }
      int[] steps = new int[rank];
      int step = 1;
      for (int i = rank - 1; i >= 0; i--) {
        steps[i] = axes.contains(i) ? 0 : step;
        step *= axes.contains(i) ? 1 : (int) shape.size(i);
      }
      int run = (int) shape.size(rank - 1);
      int[] starts = new int[run == 0 ? 0 : (int) (shape.elements() / run)];
      for (int i = 0; i < starts.length; i++) {
        int rest = i;
        for (int d = rank - 2; d >= 0; d--) {
          starts[i] += rest % (int) shape.size(d) * steps[d];
          rest /= (int) shape.size(d);
        }
      }
      return new Places(starts, run, steps[rank - 1]);
    }
  }

  static Kernel argmax(OpCall call) {
    return argument(call, 1);
  }

  static Kernel argmin(OpCall call) {
    return argument(call, -1);
  }

  /** The first NaN, else the first of the largest after multiplying by the sign. */
  private static Kernel argument(OpCall call, int sign) {
    int axis = Long.numberOfTrailingZeros(call.attributes(Axes.class).mask());
    AxisRows rows = AxisRows.of(call.input(0), axis);
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    boolean floating = call.input(0).dtype().isFloating();
    return () -> {
      for (int row = 0; row < rows.count(); row++) {
        int at = rows.start(row);
        int best = 0;
        for (int i = 1; i < rows.size(); i++) {
          int place = at + i * rows.step();
          int bestPlace = at + best * rows.step();
          boolean better =
              floating
                  ? beats(x.get(place), x.get(bestPlace), sign)
                  : sign * Long.compare(x.getLong(place), x.getLong(bestPlace)) > 0;
          if (better) {
            best = i;
          }
        }
        y.putLong(row, best);
      }
    };
  }

  private static boolean beats(double challenger, double best, int sign) {
    return !Double.isNaN(best) && (Double.isNaN(challenger) || sign * challenger > sign * best);
  }
}
