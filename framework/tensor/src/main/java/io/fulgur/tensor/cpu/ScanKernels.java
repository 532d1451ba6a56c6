package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.ScanOperators;
import io.fulgur.tensor.functional.ScanOperators.Scan;
import java.util.Map;

/** Running sums, products and extremes of any type, in double precision or 64 bits. */
final class ScanKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(ScanOperators.CUMSUM, ScanKernels::cumsum),
          entry(ScanOperators.CUMPROD, ScanKernels::cumprod),
          entry(ScanOperators.CUMPROD_BACKWARD, ScanKernels::cumprodBackward),
          entry(ScanOperators.CUMMAX, call -> extremum(call, 1)),
          entry(ScanOperators.CUMMIN, call -> extremum(call, -1)));

  private ScanKernels() {}

  private static Kernel cumsum(OpCall call) {
    Scan scan = call.attributes(Scan.class);
    AxisRows rows = AxisRows.of(call.input(0), scan.axis());
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    boolean floating = call.output(0).dtype().isFloating();
    double[] reals = new double[floating ? rows.size() : 0];
    long[] longs = new long[floating ? 0 : rows.size()];
    return () -> {
      for (int r = 0; r < rows.count(); r++) {
        int start = rows.start(r);
        if (floating) {
          x.read(start, rows.step(), reals, 0, reals.length);
          sum(reals, scan.reverse());
          y.write(start, rows.step(), reals, 0, reals.length);
        } else {
          x.read(start, rows.step(), longs, 0, longs.length);
          sum(longs, scan.reverse());
          y.write(start, rows.step(), longs, 0, longs.length);
        }
      }
    };
  }

  private static void sum(double[] row, boolean reverse) {
    if (reverse) {
      for (int i = row.length - 2; i >= 0; i--) {
        row[i] += row[i + 1];
      }
    } else {
      for (int i = 1; i < row.length; i++) {
        row[i] += row[i - 1];
      }
    }
  }

  private static void sum(long[] row, boolean reverse) {
    if (reverse) {
      for (int i = row.length - 2; i >= 0; i--) {
        row[i] += row[i + 1];
      }
    } else {
      for (int i = 1; i < row.length; i++) {
        row[i] += row[i - 1];
      }
    }
  }

  private static Kernel cumprod(OpCall call) {
    AxisRows rows = AxisRows.of(call.input(0), call.attributes(Integer.class));
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    boolean floating = call.output(0).dtype().isFloating();
    return () -> {
      for (int r = 0; r < rows.count(); r++) {
        int at = rows.start(r);
        double real = 1;
        long integer = 1;
        for (int i = 0; i < rows.size(); i++, at += rows.step()) {
          if (floating) {
            real *= x.get(at);
            y.put(at, real);
          } else {
            integer *= x.getLong(at);
            y.putLong(at, integer);
          }
        }
      }
    };
  }

  /*
   * dx[i] = (x[0] ... x[i-1]) s[i] with s[i] = g[i] + x[i+1] s[i+1]: no division, so that zeros
   * need no care.
   */
  private static Kernel cumprodBackward(OpCall call) {
    AxisRows rows = AxisRows.of(call.input(0), call.attributes(Integer.class));
    Elements grad = Elements.of(call.input(0));
    Elements x = Elements.of(call.input(1));
    Elements dx = Elements.of(call.output(0));
    double[] g = new double[rows.size()];
    double[] factors = new double[rows.size()];
    return () -> {
      for (int r = 0; r < rows.count(); r++) {
        int start = rows.start(r);
        grad.read(start, rows.step(), g, 0, g.length);
        x.read(start, rows.step(), factors, 0, g.length);
        for (int i = g.length - 2; i >= 0; i--) {
          g[i] += factors[i + 1] * g[i + 1];
        }
        double before = 1;
        for (int i = 0; i < g.length; i++) {
          g[i] *= before;
          before *= factors[i];
        }
        dx.write(start, rows.step(), g, 0, g.length);
      }
    };
  }

  private static Kernel extremum(OpCall call, int sign) {
    AxisRows rows = AxisRows.of(call.input(0), call.attributes(Integer.class));
    Elements x = Elements.of(call.input(0));
    Elements values = Elements.of(call.output(0));
    Elements indices = Elements.of(call.output(1));
    boolean floating = call.input(0).dtype().isFloating();
    return () -> {
      for (int r = 0; r < rows.count(); r++) {
        int start = rows.start(r);
        int best = 0;
        for (int i = 0; i < rows.size(); i++) {
          int at = start + i * rows.step();
          int bestAt = start + best * rows.step();
          boolean wins =
              floating
                  ? winsReal(x.get(at), x.get(bestAt), sign)
                  : sign * Long.compare(x.getLong(at), x.getLong(bestAt)) >= 0;
          best = wins ? i : best;
          int place = start + best * rows.step();
          if (floating) {
            values.put(at, x.get(place));
          } else {
            values.putLong(at, x.getLong(place));
          }
          indices.putLong(at, best);
        }
      }
    };
  }

  private static boolean winsReal(double challenger, double best, int sign) {
    return Double.isNaN(challenger) || (!Double.isNaN(best) && sign * challenger >= sign * best);
  }
}
