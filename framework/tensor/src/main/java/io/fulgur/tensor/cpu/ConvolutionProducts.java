package io.fulgur.tensor.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as products by BLAS with what the windows see ("im2col"), a group of channels of an
 * image at a time. What the windows see of an image fits into the second-level cache, and images
 * are shared out over the cores.
 */
final class ConvolutionProducts {
  /** Multiply-adds of a product in the time of an element of an element-wise function. */
  private static final int MULTIPLY_ADDS = 16;

  /** The most parts in which the images' gradients of the weight are added up. */
  private static final int MOST_PARTS = 8;

  private final ConvolutionKernels.Sizes sizes;
  private final Taps taps;
  private final int items;
  private final int rows;
  private final int outputs;
  private final long cost;

  ConvolutionProducts(ConvolutionKernels.Sizes sizes) {
    this.sizes = sizes;
    this.taps = sizes.taps();
    this.items = sizes.images() * sizes.groups();
    this.rows = sizes.rows();
    this.outputs = sizes.outputs();
    long columns = (long) rows * taps.outputs;
    this.cost = 2 * columns + columns * outputs / MULTIPLY_ADDS;
  }

  Kernel forward(OpCall call) {
    FloatBuffer x = Memory.floats(call.input(0));
    FloatBuffer y = Memory.floats(call.output(0));
    FloatBuffer bias = sizes.attributes().bias() ? Memory.floats(call.input(2)) : null;
    FloatPointer @Nullable [] plain = plain(call.input(0), sizes.inputs());
    FloatPointer[] weights = weights(call.input(1));
    FloatPointer[] ys = pointers(call.output(0), outputs, taps.outputs);
    return () ->
        Parallel.rows(
            items,
            cost,
            (from, to, s) -> {
              for (int item = from; item < to; item++) {
                int group = item % sizes.groups();
                if (bias != null) {
                  spread(bias, group * outputs, y, item * outputs, s);
                }
                cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    outputs,
                    taps.outputs,
                    rows,
                    1f,
                    weights[group],
                    rows,
                    plain == null ? columns(x, item, s) : plain[item],
                    taps.outputs,
                    bias == null ? 0f : 1f,
                    ys[item],
                    taps.outputs);
              }
            });
  }

  /** Fills the planes of an image's outputs with the bias. */
  private void spread(FloatBuffer bias, int channel, FloatBuffer y, int plane, Scratch s) {
    float[] values = s.wide(0, taps.outputs);
    for (int o = 0; o < outputs; o++) {
      Arrays.fill(values, 0, taps.outputs, bias.get(channel + o));
      y.put((plane + o) * taps.outputs, values, 0, taps.outputs);
    }
  }

  /** Writes what the windows of an item see, {@code [inputs * taps, windows]}. */
  private FloatPointer columns(FloatBuffer x, int item, Scratch s) {
    int channels = sizes.inputs();
    float[] image = s.wide(0, channels * taps.inputs);
    float[] seen = s.wide(1, taps.outputs);
    NativeFloats columns = NativeFloats.current(rows * taps.outputs);
    x.get(item * channels * taps.inputs, image, 0, channels * taps.inputs);
    int at = 0;
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < taps.count; tap++) {
        taps.see(tap, image, c * taps.inputs, seen);
        columns.buffer().put(at, seen, 0, taps.outputs);
        at += taps.outputs;
      }
    }
    return columns.pointer();
  }

  Kernel backwardInput(OpCall call) {
    FloatBuffer dx = Memory.floats(call.output(0));
    FloatPointer @Nullable [] plain = plain(call.output(0), sizes.inputs());
    FloatPointer[] weights = weights(call.input(1));
    FloatPointer[] grads = pointers(call.input(0), outputs, taps.outputs);
    return () ->
        Parallel.rows(
            items,
            cost,
            (from, to, s) -> {
              for (int item = from; item < to; item++) {
                NativeFloats columns =
                    NativeFloats.current(plain == null ? rows * taps.outputs : 1);
                cblas_sgemm(
                    CblasRowMajor,
                    CblasTrans,
                    CblasNoTrans,
                    rows,
                    taps.outputs,
                    outputs,
                    1f,
                    weights[item % sizes.groups()],
                    rows,
                    grads[item],
                    taps.outputs,
                    0f,
                    plain == null ? columns.pointer() : plain[item],
                    taps.outputs);
                if (plain == null) {
                  giveBack(columns.buffer(), dx, item, s);
                }
              }
            });
  }

  /** Adds up what the windows hold where they overlap. */
  private void giveBack(FloatBuffer columns, FloatBuffer dx, int item, Scratch s) {
    int channels = sizes.inputs();
    float[] image = s.wide(0, channels * taps.inputs);
    float[] seen = s.wide(1, taps.outputs);
    Arrays.fill(image, 0, channels * taps.inputs, 0);
    int at = 0;
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < taps.count; tap++) {
        columns.get(at, seen, 0, taps.outputs);
        taps.give(tap, seen, 1, image, c * taps.inputs);
        at += taps.outputs;
      }
    }
    dx.put(item * channels * taps.inputs, image, 0, channels * taps.inputs);
  }

  Kernel backwardWeight(OpCall call) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer x = Memory.floats(call.input(1));
    FloatPointer @Nullable [] plain = plain(call.input(1), sizes.inputs());
    FloatPointer[] grads = pointers(call.input(0), outputs, taps.outputs);
    FloatBuffer dweight = Memory.floats(call.output(0));
    FloatBuffer dbias = sizes.attributes().bias() ? Memory.floats(call.output(1)) : null;
    int groups = sizes.groups();
    int size = outputs * rows;
    // As many as follow from the sizes, so that the sums do not depend on who adds them up.
    int parts = Math.min(sizes.images(), MOST_PARTS);
    FloatPointer memory = new FloatPointer((long) parts * groups * size);
    FloatBuffer partial = memory.asBuffer();
    FloatPointer[] sums = new FloatPointer[parts * groups];
    Arrays.setAll(sums, i -> memory.getPointer((long) i * size));
    Parallel.Range products =
        (from, to, s) -> {
          for (int task = from; task < to; task++) {
            int part = task / groups;
            int first = part * sizes.images() / parts;
            int end = (part + 1) * sizes.images() / parts;
            for (int image = first; image < end; image++) {
              int item = image * groups + task % groups;
              cblas_sgemm(
                  CblasRowMajor,
                  CblasNoTrans,
                  CblasTrans,
                  outputs,
                  rows,
                  taps.outputs,
                  1f,
                  grads[item],
                  taps.outputs,
                  plain == null ? columns(x, item, s) : plain[item],
                  taps.outputs,
                  image == first ? 0f : 1f,
                  sums[task],
                  rows);
            }
          }
        };
    return new Kernel() {
      @Override
      public void run() {
        Parallel.rows(parts * groups, cost * sizes.images() / parts, products);
        addUp(partial, parts, groups * size, dweight);
        if (dbias != null) {
          sumChannels(grad, dbias, sizes.images(), taps.outputs);
        }
      }

      @Override
      public void close() {
        memory.deallocate();
      }
    };
  }

  private static void addUp(FloatBuffer parts, int count, int size, FloatBuffer target) {
    Scratch s = Scratch.current();
    for (int i = 0; i < size; i += Scratch.BLOCK) {
      int n = Math.min(Scratch.BLOCK, size - i);
      parts.get(i, s.a, 0, n);
      for (int part = 1; part < count; part++) {
        parts.get(part * size + i, s.b, 0, n);
        BinaryKernels.add(s.a, s.b, s.a, n);
      }
      target.put(i, s.a, 0, n);
    }
  }

  /** Sums each channel over all images. */
  static void sumChannels(FloatBuffer x, FloatBuffer sums, int images, int plane) {
    int channels = sums.limit();
    Parallel.rows(
        channels,
        (long) images * plane,
        (from, to, s) -> {
          float[] values = s.wide(0, plane);
          for (int c = from; c < to; c++) {
            double sum = 0;
            for (int image = 0; image < images; image++) {
              x.get((image * channels + c) * plane, values, 0, plane);
              sum += Sums.sum(values, 0, plane);
            }
            sums.put(c, (float) sum);
          }
        });
  }

  private FloatPointer[] weights(View weight) {
    FloatPointer[] weights = new FloatPointer[sizes.groups()];
    Arrays.setAll(weights, group -> Gemm.pointer(weight, (long) group * outputs * rows));
    return weights;
  }

  /** Returns where the input's channels of each item are, if the windows see them as they lie. */
  private FloatPointer @Nullable [] plain(View x, int channels) {
    return sizes.isPlainProduct() ? pointers(x, channels, taps.inputs) : null;
  }

  private FloatPointer[] pointers(View view, int channels, int plane) {
    FloatPointer[] pointers = new FloatPointer[items];
    Arrays.setAll(pointers, item -> Gemm.pointer(view, (long) item * channels * plane));
    return pointers;
  }
}
