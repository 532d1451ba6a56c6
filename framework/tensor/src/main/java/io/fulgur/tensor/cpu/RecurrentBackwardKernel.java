package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.functional.RecurrentOperators;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The backward pass of {@link RecurrentKernels}. */
final class RecurrentBackwardKernel implements Kernel {
  private final OpCall call;
  private final RecurrentInputs in;
  private final RecurrentCell cell;
  private final FloatBuffer dy;
  private final FloatBuffer dgates;
  private final Sgemm.Matrix gateGradients;
  private final Sgemm.Matrix hiddenGradient;
  private final Sgemm.Matrix outputs;

  /** The first of the outputs {@code dweightIh, dweightHh, (dbiasIh, dbiasHh), dgates, (dx)}. */
  private final int parameters;

  /** Sums for the biases, of each sequence's piece, so that they do not depend on the threads. */
  private final float[][] sums;

  private final List<RecurrentCell.Run> weightRuns;

  private RecurrentBackwardKernel(OpCall call) {
    this.call = call;
    in = RecurrentInputs.of(call, RecurrentOperators.forwardInputs(RecurrentKernels.layer(call)));
    cell = RecurrentCell.backward(call, in);
    Cell kind = in.layer.cell();
    parameters = kind.hasCellState() ? 2 : 1;
    int gates = parameters + (in.layer.bias() ? 4 : 2);
    dy = Memory.floats(call.input(0));
    dgates = Memory.floats(call.output(gates));
    int width = kind.gateGradients() * in.hidden;
    gateGradients = Sgemm.Matrix.of(Sgemm.address(call.output(gates)), width);
    hiddenGradient = Sgemm.Matrix.of(Sgemm.address(call.output(0)), in.hidden);
    int y = RecurrentOperators.forwardInputs(in.layer) + RecurrentOperators.inputs(in.layer);
    outputs = Sgemm.Matrix.of(Sgemm.address(call.input(y)), in.hidden);
    sums = new float[Math.max(1, (in.batch + cell.together() - 1) / cell.together())][width];
    weightRuns = split(cell.runs());
  }

  static Kernel of(OpCall call) {
    return new RecurrentBackwardKernel(call);
  }

  /** Splits runs of the weights' rows into one part for each thread. */
  private static List<RecurrentCell.Run> split(RecurrentCell.Run[] runs) {
    List<RecurrentCell.Run> parts = new ArrayList<>();
    for (RecurrentCell.Run run : runs) {
      int size = (run.rows() + Parallel.threads() - 1) / Parallel.threads();
      for (int at = 0; at < run.rows(); at += size) {
        int rows = Math.min(size, run.rows() - at);
        parts.add(new RecurrentCell.Run(run.weightRow() + at, rows, run.column() + at, run.add()));
      }
    }
    return parts;
  }

  @Override
  public void run() {
    RecurrentKernels.copy(call.input(1), call.output(0));
    if (in.c0 != null) {
      RecurrentKernels.copy(call.input(2), call.output(1));
    }
    for (float[] sum : sums) {
      Arrays.fill(sum, 0f);
    }
    RecurrentKernels.sequences(in, cell.together(), this::sequences);
    if (in.layer.bias()) {
      biases();
    }
    long work = (long) in.steps * in.batch * in.hidden;
    Parallel.products(in.gateRows(), (long) in.steps * in.batch * in.features, this::weightIh);
    Parallel.products(weightRuns.size(), work * in.gateRows() / weightRuns.size(), this::weightHh);
    if (in.layer.inputGradient()) {
      Parallel.products(in.steps * in.batch, (long) in.gateRows() * in.features, this::inputs);
    }
  }

  /** Takes some sequences back through all steps. */
  private void sequences(int from, int to, Scratch s) {
    Sgemm gemm = Sgemm.current();
    for (int step = in.steps - 1; step >= 0; step--) {
      for (int n = from; n < to; n += cell.together()) {
        float[] sum = sums[n / cell.together()];
        cell.differentiate(step, n, Math.min(cell.together(), to - n), dy, dgates, sum, s);
      }
      for (RecurrentCell.Run run : cell.runs()) {
        gemm.multiply(
            to - from,
            in.hidden,
            run.rows(),
            1,
            gateGradients,
            gateGradients.at((long) in.time(step) * in.batch + from, run.column()),
            in.weightHh,
            in.weightHh.at(run.weightRow(), 0),
            1,
            hiddenGradient,
            hiddenGradient.at(from, 0));
      }
    }
  }

  private void biases() {
    for (int i = 1; i < sums.length; i++) {
      RecurrentCell.addTo(sums[0], sums[i], sums[0].length);
    }
    FloatBuffer ofInput = Memory.floats(call.output(parameters + 2));
    FloatBuffer ofHidden = Memory.floats(call.output(parameters + 3));
    ofInput.put(0, sums[0], 0, in.gateRows());
    for (RecurrentCell.Run run : cell.runs()) {
      ofHidden.put(run.weightRow(), sums[0], run.column(), run.rows());
    }
  }

  private void weightIh(int from, int to, Scratch s) {
    Sgemm.Matrix gradient = Sgemm.Matrix.of(Sgemm.address(call.output(parameters)), in.features);
    Sgemm.Matrix gates = gateGradients.transpose();
    Sgemm.current()
        .multiply(
            to - from,
            in.features,
            in.steps * in.batch,
            1,
            gates,
            gates.at(0, from),
            in.x,
            in.x.address(),
            0,
            gradient,
            gradient.at(from, 0));
  }

  /**
   * Multiplies the gradients of each step's gates by the state that the step began with: the
   * outputs one step before, and at the first step the initial state.
   */
  private void weightHh(int from, int to, Scratch s) {
    boolean reverse = in.layer.reverse();
    long initial = Sgemm.address(in.h0);
    for (RecurrentCell.Run run : weightRuns.subList(from, to)) {
      int last = (in.steps - 1) * in.batch;
      multiply(run, (long) in.time(0) * in.batch, initial, in.batch, /* add= */ false);
      if (in.steps > 1) {
        multiply(
            run,
            reverse ? 0 : in.batch,
            outputs.at(reverse ? in.batch : 0, 0),
            last,
            /* add= */ true);
      }
      if (reverse && in.hasLengths()) {
        // A shorter sequence has its first step later, where the output before is 0.
        for (int n = 0; n < in.batch; n++) {
          int time = in.firstTimeFromBehind(n);
          if (time >= 0 && time < in.steps - 1) {
            long state = initial + (long) n * in.hidden * Float.BYTES;
            multiply(run, (long) time * in.batch + n, state, 1, /* add= */ true);
          }
        }
      }
    }
  }

  private void multiply(RecurrentCell.Run run, long row, long states, int rows, boolean add) {
    Sgemm.Matrix gradient = Sgemm.Matrix.of(Sgemm.address(call.output(parameters + 1)), in.hidden);
    Sgemm.Matrix gates = gateGradients.transpose();
    Sgemm.current()
        .multiply(
            run.rows(),
            in.hidden,
            rows,
            1,
            gates,
            gates.at(row, run.column()),
            outputs,
            states,
            add ? 1 : 0,
            gradient,
            gradient.at(run.weightRow(), 0));
  }

  private void inputs(int from, int to, Scratch s) {
    Sgemm.Matrix gradient =
        Sgemm.Matrix.of(Sgemm.address(call.output(call.outputs() - 1)), in.features);
    Sgemm.current()
        .multiply(
            to - from,
            in.features,
            in.gateRows(),
            1,
            gateGradients,
            gateGradients.at(from, 0),
            in.weightIh,
            in.weightIh.address(),
            0,
            gradient,
            gradient.at(from, 0));
  }
}
