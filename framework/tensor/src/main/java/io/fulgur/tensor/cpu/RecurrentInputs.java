package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.RecurrentOperators;
import io.fulgur.tensor.functional.RecurrentOperators.Layer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** The inputs of a recurrent layer by name, and its sizes. */
final class RecurrentInputs {
  final Layer layer;
  final int steps;
  final int batch;
  final int features;
  final int hidden;

  final Sgemm.Matrix x;
  final View h0;
  final @Nullable View c0;
  final Sgemm.Matrix weightIh;
  final Sgemm.Matrix weightHh;
  private final @Nullable FloatBuffer biasIh;
  private final @Nullable FloatBuffer biasHh;
  private final @Nullable LongBuffer lengths;

  private RecurrentInputs(OpCall call, int first) {
    layer = call.attributes(Layer.class);
    View input = call.input(first);
    steps = (int) input.shape().size(0);
    batch = (int) input.shape().size(1);
    features = (int) input.shape().size(2);
    h0 = call.input(first + 1);
    hidden = (int) h0.shape().size(1);
    c0 = layer.cell().hasCellState() ? call.input(first + 2) : null;
    x = Sgemm.Matrix.of(Sgemm.address(input), features);
    int weights = first + RecurrentOperators.weights(layer);
    weightIh = Sgemm.Matrix.of(Sgemm.address(call.input(weights)), features);
    weightHh = Sgemm.Matrix.of(Sgemm.address(call.input(weights + 1)), hidden);
    biasIh = layer.bias() ? Memory.floats(call.input(weights + 2)) : null;
    biasHh = layer.bias() ? Memory.floats(call.input(weights + 3)) : null;
    int last = first + RecurrentOperators.inputs(layer) - 1;
    lengths = layer.lengths() ? Memory.longs(call.input(last)) : null;
  }

  static RecurrentInputs of(OpCall call, int first) {
    return new RecurrentInputs(call, first);
  }

  /** Returns how many rows the weights have. */
  int gateRows() {
    return layer.cell().gates() * hidden;
  }

  /** Returns the time of a step. */
  int time(int step) {
    return layer.reverse() ? steps - 1 - step : step;
  }

  /** Returns whether some sequences are shorter than others. */
  boolean hasLengths() {
    return lengths != null;
  }

  /** Returns whether a sequence has a step at a time. */
  boolean isPresent(int time, int sequence) {
    return lengths == null || time < lengths.get(sequence);
  }

  /** Returns the last time at which a sequence has a step, or -1. */
  int firstTimeFromBehind(int sequence) {
    return lengths == null ? steps - 1 : (int) Math.min(steps, lengths.get(sequence)) - 1;
  }

  /** Reads the biases, or zeros. */
  void biases(float[] ofInput, float[] ofHidden) {
    if (biasIh != null && biasHh != null) {
      biasIh.get(0, ofInput);
      biasHh.get(0, ofHidden);
    }
  }
}
