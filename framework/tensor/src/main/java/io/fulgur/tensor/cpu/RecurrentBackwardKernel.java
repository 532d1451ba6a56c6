package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.RecurrentOperators;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The backward pass of {@link RecurrentKernels}. */
final class RecurrentBackwardKernel implements Kernel {
  private final OpCall call;
  private final RecurrentInputs in;
  private final RecurrentCell cell;
  private final RecurrentProducts products;
  private final FloatBuffer dy;
  private final RecurrentCell.GateGradients gateGradients;
  private final Sgemm.Matrix ofInput;
  private final Sgemm.Matrix ofHidden;

  /** The first of the outputs {@code dweightIh, dweightHh, (dbiasIh, dbiasHh), dgates, ...}. */
  private final int parameters;

  /**
   * Sums for the biases, of each piece of the sequences so that they do not depend on the threads,
   * of each gate, over the steps.
   */
  private final float[][][] sums;

  private final List<Parallel.Share> sequences;
  private final Sgemm.Matrix weightIhGradient;
  private final Sgemm.Matrix weightHhGradient;
  private final MatrixProduct weightIh;
  private final MatrixProduct weightHhFirst;
  private final MatrixProduct weightHhOthers;
  private final MatrixProduct weightHhSingle;
  private final @Nullable MatrixProduct inputs;

  RecurrentBackwardKernel(OpCall call, MatrixProduct.Factory factory) {
    this.call = call;
    RecurrentOperators.Layer layer = call.attributes(RecurrentOperators.Layer.class);
    in = RecurrentInputs.of(call, RecurrentOperators.forwardInputs(layer));
    cell = RecurrentCell.backward(call, in);
    products = new RecurrentProducts(factory);
    Cell kind = layer.cell();
    parameters = kind.hasCellState() ? 2 : 1;
    dy = Memory.floats(call.input(0));
    int input = parameters + (layer.bias() ? 4 : 2);
    int hidden = kind.hasHiddenGradients() ? input + 1 : input;
    gateGradients =
        new RecurrentCell.GateGradients(
            Memory.floats(call.output(input)), Memory.floats(call.output(hidden)));
    ofInput = Sgemm.Matrix.of(Sgemm.address(call.output(input)), cell.width);
    ofHidden = Sgemm.Matrix.of(Sgemm.address(call.output(hidden)), cell.width);
    int pieces = Math.max(1, (in.batch + cell.together() - 1) / cell.together());
    sums = new float[pieces][cell.biasSums()][cell.together() * in.hidden];
    sequences = RecurrentKernels.divide(in, cell.together(), this::sequences);
    weightIhGradient = Sgemm.Matrix.of(Sgemm.address(call.output(parameters)), in.features);
    weightHhGradient = Sgemm.Matrix.of(Sgemm.address(call.output(parameters + 1)), in.hidden);
    int rows = in.steps * in.batch;
    weightIh =
        products.ofAllSteps(
            cell.width,
            in.features,
            rows,
            ofInput.transpose(),
            in.x,
            weightIhGradient,
            /* add= */ false);
    weightHhFirst = ofStates(in.batch, /* add= */ false);
    weightHhOthers = ofStates(rows - in.batch, /* add= */ true);
    weightHhSingle = ofStates(1, /* add= */ true);
    inputs =
        layer.inputGradient()
            ? products.ofAllSteps(
                rows, in.features, cell.width, ofInput, in.weightIh, in.x, /* add= */ false)
            : null;
  }

  private MatrixProduct ofStates(int states, boolean add) {
    return products.ofAllSteps(
        cell.width,
        in.hidden,
        states,
        ofHidden.transpose(),
        weightHhGradient,
        weightHhGradient,
        add);
  }

  @Override
  public void run() {
    RecurrentKernels.copy(call.input(1), call.output(0));
    if (in.c0 != null) {
      RecurrentKernels.copy(call.input(2), call.output(1));
    }
    for (float[][] piece : sums) {
      for (float[] sum : piece) {
        Arrays.fill(sum, 0f);
      }
    }
    Parallel.run(sequences);
    if (in.layer.bias()) {
      biases();
    }
    weightIh.right(in.x.address());
    weightIh.multiply(ofInput.address(), weightIhGradient.address());
    weightHh();
    if (inputs != null) {
      inputs.right(in.weightIh.address());
      inputs.multiply(ofInput.address(), Sgemm.address(call.output(call.outputs() - 1)));
    }
  }

  /** Takes some sequences back through all steps. */
  private Parallel.Share sequences(int from, int to) {
    Sgemm.Matrix state = Sgemm.Matrix.of(Sgemm.address(call.output(0)), in.hidden);
    MatrixProduct product =
        products.ofStep(
            to - from, in.hidden, cell.width, ofHidden, in.weightHh, state, /* add= */ true);
    return scratch -> {
      product.right(in.weightHh.address());
      for (int step = in.steps - 1; step >= 0; step--) {
        for (int n = from; n < to; n += cell.together()) {
          float[][] sum = sums[n / cell.together()];
          int rows = Math.min(cell.together(), to - n);
          cell.differentiate(step, n, rows, dy, gateGradients, sum, scratch);
        }
        long row = (long) in.time(step) * in.batch + from;
        product.multiply(ofHidden.at(row, 0), state.at(from, 0));
      }
    };
  }

  private void biases() {
    FloatBuffer input = Memory.floats(call.output(parameters + 2));
    FloatBuffer hidden = Memory.floats(call.output(parameters + 3));
    int gates = in.layer.cell().gates();
    for (int gate = 0; gate < gates; gate++) {
      float[] sum = sumOfRows(gate);
      input.put(gate * in.hidden, sum, 0, in.hidden);
      hidden.put(gate * in.hidden, sum, 0, in.hidden);
    }
    if (cell.biasSums() > gates) {
      // Of the hidden state the last gate's differs.
      hidden.put((gates - 1) * in.hidden, sumOfRows(gates), 0, in.hidden);
    }
  }

  private float[] sumOfRows(int gate) {
    float[] total = sums[0][gate];
    for (int piece = 1; piece < sums.length; piece++) {
      RecurrentCell.addTo(total, sums[piece][gate], total.length);
    }
    for (int at = in.hidden; at < total.length; at += in.hidden) {
      for (int i = 0; i < in.hidden; i++) {
        total[i] += total[at + i];
      }
    }
    return total;
  }

  /**
   * Multiplies the gradients of each step's gates by the state that the step began with: the
   * outputs one step before, and at the first step the initial state.
   */
  private void weightHh() {
    boolean reverse = in.layer.reverse();
    long y = weightHhGradient.address();
    long initial = Sgemm.address(in.h0);
    weightHhFirst.right(initial);
    weightHhFirst.multiply(ofHidden.at((long) in.time(0) * in.batch, 0), y);
    if (in.steps > 1) {
      int after = RecurrentOperators.forwardInputs(in.layer) + RecurrentOperators.inputs(in.layer);
      Sgemm.Matrix outputs = Sgemm.Matrix.of(Sgemm.address(call.input(after)), in.hidden);
      weightHhOthers.right(outputs.at(reverse ? in.batch : 0, 0));
      weightHhOthers.multiply(ofHidden.at(reverse ? 0 : in.batch, 0), y);
    }
    if (reverse && in.hasLengths()) {
      // A shorter sequence has its first step later, where the output before is 0.
      for (int n = 0; n < in.batch; n++) {
        int time = in.firstTimeFromBehind(n);
        if (time >= 0 && time < in.steps - 1) {
          weightHhSingle.right(initial + (long) n * in.hidden * Float.BYTES);
          weightHhSingle.multiply(ofHidden.at((long) time * in.batch + n, 0), y);
        }
      }
    }
  }

  @Override
  public void close() {
    products.close();
  }
}
