package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.SelectionOperators;
import io.fulgur.tensor.functional.SelectionOperators.Fold;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** Writing and folding to places told by an index, for any type. */
final class ScatterKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(SelectionOperators.SCATTER, ScatterKernels::scatter),
          entry(SelectionOperators.SCATTER_REDUCE, ScatterKernels::reduce),
          entry(SelectionOperators.INDEX_COPY, ScatterKernels::indexCopy));

  private ScatterKernels() {}

  private static Kernel scatter(OpCall call) {
    View target = call.output(0);
    int axis = call.attributes(Integer.class);
    IndexKernels.Targets targets = IndexKernels.Targets.of("scatter", call, axis);
    ByteBuffer x = Memory.requireBytes(call.input(0));
    ByteBuffer y = Memory.requireBytes(target);
    int bytes = target.dtype().sizeBytes();
    return () -> {
      for (int i = 0; i < targets.count(); i++) {
        y.put(targets.place(i) * bytes, x, i * bytes, bytes);
      }
    };
  }

  private static Kernel reduce(OpCall call) {
    Fold fold = call.attributes(Fold.class);
    IndexKernels.Targets targets = IndexKernels.Targets.of("scatterReduce", call, fold.axis());
    Elements x = Elements.of(call.input(0));
    Elements y = Elements.of(call.output(0));
    boolean floating = call.output(0).dtype().isFloating();
    return () -> {
      for (int i = 0; i < targets.count(); i++) {
        int to = targets.place(i);
        if (floating) {
          y.put(to, folded(fold, y.get(to), x.get(i)));
        } else {
          y.putLong(to, folded(fold, y.getLong(to), x.getLong(i)));
        }
      }
    };
  }

  private static double folded(Fold fold, double a, double b) {
    return switch (fold.reduction()) {
      case PRODUCT -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case SUM, MEAN -> a + b;
    };
  }

  private static long folded(Fold fold, long a, long b) {
    return switch (fold.reduction()) {
      case PRODUCT -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case SUM, MEAN -> a + b;
    };
  }

  private static Kernel indexCopy(OpCall call) {
    int axis = call.attributes(Integer.class);
    IndexKernels.Around into = IndexKernels.Around.of(call.output(0), axis);
    ByteBuffer x = Memory.requireBytes(call.input(0));
    LongBuffer index = Memory.longs(call.input(1));
    ByteBuffer y = Memory.requireBytes(call.output(0));
    int run = into.inner() * call.output(0).dtype().sizeBytes();
    return () -> {
      int from = 0;
      for (int o = 0; o < into.outer(); o++) {
        for (int i = 0; i < index.limit(); i++) {
          int at = IndexKernels.checked("indexCopy", index.get(i), into.size());
          y.put((o * into.size() + at) * run, x, from, run);
          from += run;
        }
      }
    };
  }
}
