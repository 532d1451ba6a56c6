package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Convolutions of which each output channel sees a single input channel: too little arithmetic for
 * products of matrices, so a row of windows at a time, as vectors.
 */
final class DepthwiseKernels {
  private DepthwiseKernels() {}

  static Kernel forward(OpCall call, ConvolutionKernels.Sizes sizes) {
    FloatBuffer x = Memory.floats(call.input(0));
    FloatBuffer weight = Memory.floats(call.input(1));
    FloatBuffer bias = sizes.attributes().bias() ? Memory.floats(call.input(2)) : null;
    FloatBuffer y = Memory.floats(call.output(0));
    Taps taps = sizes.taps();
    int channels = sizes.groups() * sizes.outputs();
    return () ->
        Parallel.rows(
            sizes.images() * channels,
            cost(taps),
            (from, to, s) -> {
              float[] plane = s.wide(0, taps.inputs);
              float[] sums = s.wide(1, taps.outputs);
              for (int p = from; p < to; p++) {
                int channel = p % channels;
                x.get(p / sizes.outputs() * taps.inputs, plane, 0, taps.inputs);
                Arrays.fill(sums, 0, taps.outputs, bias == null ? 0 : bias.get(channel));
                for (int tap = 0; tap < taps.count; tap++) {
                  taps.take(tap, plane, weight.get(channel * taps.count + tap), sums);
                }
                y.put(p * taps.outputs, sums, 0, taps.outputs);
              }
            });
  }

  private static long cost(Taps taps) {
    return taps.inputs + (long) taps.outputs * (1 + taps.count);
  }

  static Kernel backwardInput(OpCall call, ConvolutionKernels.Sizes sizes) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer weight = Memory.floats(call.input(1));
    FloatBuffer dx = Memory.floats(call.output(0));
    Taps taps = sizes.taps();
    int filters = sizes.outputs();
    return () ->
        Parallel.rows(
            sizes.images() * sizes.groups(),
            cost(taps) * filters,
            (from, to, s) -> {
              float[] plane = s.wide(0, taps.inputs);
              float[] g = s.wide(1, taps.outputs);
              for (int p = from; p < to; p++) {
                Arrays.fill(plane, 0, taps.inputs, 0);
                for (int f = 0; f < filters; f++) {
                  int channel = p % sizes.groups() * filters + f;
                  grad.get((p * filters + f) * taps.outputs, g, 0, taps.outputs);
                  for (int tap = 0; tap < taps.count; tap++) {
                    taps.give(tap, g, weight.get(channel * taps.count + tap), plane, 0);
                  }
                }
                dx.put(p * taps.inputs, plane, 0, taps.inputs);
              }
            });
  }

  static Kernel backwardWeight(OpCall call, ConvolutionKernels.Sizes sizes) {
    FloatBuffer grad = Memory.floats(call.input(0));
    FloatBuffer x = Memory.floats(call.input(1));
    FloatBuffer dweight = Memory.floats(call.output(0));
    FloatBuffer dbias = sizes.attributes().bias() ? Memory.floats(call.output(1)) : null;
    Taps taps = sizes.taps();
    int filters = sizes.outputs();
    int channels = sizes.groups() * filters;
    return () -> {
      Parallel.rows(
          channels,
          2 * cost(taps) * sizes.images(),
          (from, to, s) -> {
            float[] plane = s.wide(0, taps.inputs);
            float[] seen = s.wide(1, taps.outputs);
            float[] g = s.wide(2, taps.outputs);
            float[] sums = s.wide(3, taps.count);
            for (int channel = from; channel < to; channel++) {
              Arrays.fill(sums, 0, taps.count, 0);
              for (int image = 0; image < sizes.images(); image++) {
                int input = image * sizes.groups() + channel / filters;
                x.get(input * taps.inputs, plane, 0, taps.inputs);
                grad.get((image * channels + channel) * taps.outputs, g, 0, taps.outputs);
                for (int tap = 0; tap < taps.count; tap++) {
                  taps.see(tap, plane, 0, seen);
                  sums[tap] += Sums.dot(seen, 0, g, 0, taps.outputs);
                }
              }
              dweight.put(channel * taps.count, sums, 0, taps.count);
            }
          });
      if (dbias != null) {
        ConvolutionProducts.sumChannels(grad, dbias, sizes.images(), taps.outputs);
      }
    };
  }
}
