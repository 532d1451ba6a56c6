package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.SortingOperators;
import io.fulgur.tensor.functional.SortingOperators.Sort;
import io.fulgur.tensor.functional.SortingOperators.TopK;
import java.util.Arrays;
import java.util.Map;

/**
 * Sorting of any type along any axis, and the largest few.
 *
 * <p>How: each element becomes an integer that orders as it does, NaN as the largest. One of at
 * most 32 bits is put in front of its index in a long, so that sorting longs sorts stably and tells
 * the indices; wider ones are merged by index. The largest few are picked by quickselect (C. A. R.
 * Hoare, "Algorithm 65: find", 1961) before they are sorted.
 */
final class SortKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(SortingOperators.SORT, SortKernels::sort),
          entry(SortingOperators.TOPK, SortKernels::topk));

  private static final long INDEX = 0xFFFFFFFFL;

  private SortKernels() {}

  private static Kernel sort(OpCall call) {
    Sort sort = call.attributes(Sort.class);
    int size = (int) call.input(0).shape().size(sort.axis());
    return rows(call, sort.axis(), size, sort.descending());
  }

  private static Kernel topk(OpCall call) {
    TopK topk = call.attributes(TopK.class);
    return rows(call, topk.axis(), topk.k(), topk.largest());
  }

  /** Writes the first {@code k} of each row in order. */
  private static Kernel rows(OpCall call, int axis, int k, boolean descending) {
    AxisRows from = AxisRows.of(call.input(0), axis);
    AxisRows to = AxisRows.of(call.output(0), axis);
    Elements x = Elements.of(call.input(0));
    Elements values = Elements.of(call.output(0));
    Elements indices = Elements.of(call.output(1));
    DType dtype = call.input(0).dtype();
    boolean wide = dtype == DType.F64 || dtype == DType.I64;
    int size = from.size();
    long[] keys = new long[size];
    int[] order = new int[wide ? size : 0];
    int[] spare = new int[wide ? size : 0];
    return () -> {
      for (int r = 0; r < from.count(); r++) {
        int start = from.start(r);
        for (int i = 0; i < size; i++) {
          long key = key(x, start + i * from.step());
          keys[i] = descending ? ~key : key;
        }
        if (wide) {
          merge(keys, order, spare);
        } else {
          packed(keys, k);
        }
        int target = to.start(r);
        for (int i = 0; i < k; i++) {
          int index = wide ? order[i] : (int) (keys[i] & INDEX);
          copy(x, start + index * from.step(), values, target + i * to.step());
          indices.putLong(target + i * to.step(), index);
        }
      }
    };
  }

  private static void copy(Elements x, int from, Elements y, int to) {
    if (x.dtype().isFloating()) {
      y.put(to, x.get(from));
    } else {
      y.putLong(to, x.getLong(from));
    }
  }

  /** Returns an integer that orders as the element does; of 32 bits but for 64-bit types. */
  private static long key(Elements x, int at) {
    return switch (x.dtype()) {
      case F64 -> {
        // Adding 0 makes one zero of two.
        long bits = Double.doubleToLongBits(x.get(at) + 0.0);
        yield bits ^ ((bits >> 63) & Long.MAX_VALUE);
      }
      case F32, BF16, F16 -> {
        int bits = Float.floatToIntBits((float) x.get(at) + 0f);
        yield bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      }
      case I64, I32, U8, BOOL -> x.getLong(at);
    };
  }

  /** Sorts the first {@code k} of narrow keys and leaves their indices in the lower halves. */
  private static void packed(long[] keys, int k) {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = keys[i] << 32 | i;
    }
    if (k < keys.length / 4) {
      select(keys, k);
    }
    Arrays.sort(keys, 0, k < keys.length / 4 ? k : keys.length);
  }

  /** Moves the {@code k} smallest of different keys to the front. */
  private static void select(long[] keys, int k) {
    int low = 0;
    int high = keys.length - 1;
    while (low < high) {
      long pivot = median(keys[low], keys[(low + high) >>> 1], keys[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (keys[i] < pivot) {
          i++;
        }
        while (keys[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long key = keys[i];
          keys[i++] = keys[j];
          keys[j--] = key;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /** Sorts indices by their keys, stably, by merging ever longer runs. */
  private static void merge(long[] keys, int[] order, int[] spare) {
    int n = keys.length;
    Arrays.setAll(order, i -> i);
    int[] from = order;
    int[] to = spare;
    for (int width = 1; width < n; width *= 2) {
      for (int start = 0; start < n; start += 2 * width) {
        int middle = Math.min(start + width, n);
        int end = Math.min(start + 2 * width, n);
        int i = start;
        int j = middle;
        for (int at = start; at < end; at++) {
          boolean left = j >= end || (i < middle && keys[from[i]] <= keys[from[j]]);
          to[at] = left ? from[i++] : from[j++];
        }
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    if (from != order) {
      System.arraycopy(from, 0, order, 0, n);
    }
  }
}
