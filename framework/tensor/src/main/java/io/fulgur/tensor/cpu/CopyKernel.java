package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies between views of any strides and any type. The innermost dimension is copied as one run
 * where both sides are dense, else element by element.
 */
final class CopyKernel implements Kernel {
  private final ByteBuffer source;
  private final ByteBuffer target;
  private final int size;
  private final int[] sizes;
  private final int[] sourceSteps;
  private final int[] targetSteps;
  private final int[] counter;

  private CopyKernel(View from, View to) {
    this.source = Memory.requireBytes(from);
    this.target = Memory.requireBytes(to);
    this.size = from.dtype().sizeBytes();
    Shape shape = from.shape();
    boolean flat =
        (from.isContiguous() && to.isContiguous())
            || (from.is(MemoryFormat.CHANNELS_LAST) && to.is(MemoryFormat.CHANNELS_LAST));
    int rank = flat ? 1 : Math.max(1, shape.rank());
    sizes = new int[rank];
    sourceSteps = new int[rank];
    targetSteps = new int[rank];
    counter = new int[rank];
    if (flat || shape.rank() == 0) {
      sizes[0] = (int) shape.elements();
      sourceSteps[0] = size;
      targetSteps[0] = size;
    } else {
      for (int i = 0; i < rank; i++) {
        sizes[i] = (int) shape.size(i);
        sourceSteps[i] = (int) from.stride(i) * size;
        targetSteps[i] = (int) to.stride(i) * size;
      }
    }
  }

  static @Nullable Kernel of(OpCall call) {
    View from = call.input(0);
    View to = call.output(0);
    return from.shape().equals(to.shape()) ? new CopyKernel(from, to) : null;
  }

  @Override
  public void run() {
    int inner = sizes.length - 1;
    int from = 0;
    int to = 0;
    Arrays.fill(counter, 0);
    while (true) {
      copyRun(from, to, sizes[inner], sourceSteps[inner], targetSteps[inner]);
      int axis = inner - 1;
      while (axis >= 0 && ++counter[axis] == sizes[axis]) {
        counter[axis] = 0;
        from -= sourceSteps[axis] * (sizes[axis] - 1);
        to -= targetSteps[axis] * (sizes[axis] - 1);
        axis--;
      }
      if (axis < 0) {
        return;
      }
      from += sourceSteps[axis];
      to += targetSteps[axis];
    }
  }

  private void copyRun(int from, int to, int n, int sourceStep, int targetStep) {
    if (sourceStep == size && targetStep == size) {
      target.put(to, source, from, n * size);
      return;
    }
    switch (size) {
      case 4 -> {
        for (int i = 0; i < n; i++) {
          target.putInt(to + i * targetStep, source.getInt(from + i * sourceStep));
        }
      }
      case 8 -> {
        for (int i = 0; i < n; i++) {
          target.putLong(to + i * targetStep, source.getLong(from + i * sourceStep));
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          target.putShort(to + i * targetStep, source.getShort(from + i * sourceStep));
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          target.put(to + i * targetStep, source.get(from + i * sourceStep));
        }
      }
    }
  }
}
