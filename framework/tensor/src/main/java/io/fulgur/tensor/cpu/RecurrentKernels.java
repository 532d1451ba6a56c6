package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.RecurrentOperators;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import io.fulgur.tensor.functional.RecurrentOperators.Layer;
import java.util.Map;

/**
 * Recurrent layers over all time steps.
 *
 * <p>How: the inputs of all steps are multiplied at once. Then each thread takes some of the
 * sequences, which know nothing of each other, through all steps by itself, so that threads never
 * wait for one another; a step is one product of the hidden state, added to that of the input, and
 * one pass over the gates. The backward pass goes the same way back, and multiplies for the
 * gradients of weights and inputs over all steps at once.
 */
final class RecurrentKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(RecurrentOperators.RECURRENT, RecurrentKernels::forward),
          entry(RecurrentOperators.RECURRENT_BACKWARD, RecurrentBackwardKernel::of));

  /** Fewer sequences are not worth a thread: products of so few rows are slow. */
  private static final int FEWEST_SEQUENCES = 8;

  private RecurrentKernels() {}

  private static Kernel forward(OpCall call) {
    RecurrentInputs in = RecurrentInputs.of(call, 0);
    RecurrentCell cell = RecurrentCell.forward(call, in);
    Sgemm.Matrix sums = Sgemm.Matrix.of(Sgemm.address(cell.sums), cell.width);
    Sgemm.Matrix hidden = Sgemm.Matrix.of(Sgemm.address(call.output(1)), in.hidden);
    Sgemm.Matrix weightIh = in.weightIh.transpose();
    Sgemm.Matrix weightHh = in.weightHh.transpose();
    Parallel.Range inputs =
        (from, to, s) ->
            Sgemm.current()
                .multiply(
                    to - from,
                    in.gateRows(),
                    in.features,
                    1,
                    in.x,
                    in.x.at(from, 0),
                    weightIh,
                    weightIh.address(),
                    0,
                    sums,
                    sums.at(from, 0));
    Parallel.Range sequences =
        (from, to, s) -> {
          Sgemm gemm = Sgemm.current();
          for (int step = 0; step < in.steps; step++) {
            int time = in.time(step);
            for (RecurrentCell.Run run : cell.runs()) {
              gemm.multiply(
                  to - from,
                  run.rows(),
                  in.hidden,
                  1,
                  hidden,
                  hidden.at(from, 0),
                  weightHh,
                  weightHh.at(run.weightRow(), 0),
                  run.add() ? 1 : 0,
                  sums,
                  sums.at((long) time * in.batch + from, run.column()));
            }
            for (int n = from; n < to; n += cell.together()) {
              cell.activate(time, n, Math.min(cell.together(), to - n), s);
            }
          }
        };
    return () -> {
      biases(in, cell);
      copy(in.h0, call.output(1));
      if (in.c0 != null) {
        copy(in.c0, call.output(2));
      }
      Parallel.products(in.steps * in.batch, (long) in.gateRows() * in.features, inputs);
      sequences(in, cell.together(), sequences);
    };
  }

  static Layer layer(OpCall call) {
    return call.attributes(Layer.class);
  }

  /**
   * Shares the sequences.
   *
   * @param together how many are treated together; a thread takes some times as many
   */
  static void sequences(RecurrentInputs in, int together, Parallel.Range range) {
    int blocks = (in.batch + together - 1) / together;
    boolean shared = in.batch >= 2 * FEWEST_SEQUENCES;
    long work = (long) in.steps * together * in.gateRows() * in.hidden;
    Parallel.products(
        blocks,
        shared ? work : 0,
        (from, to, s) -> range.run(from * together, Math.min(in.batch, to * together), s));
  }

  /** Reads the biases, adding up those that are always added. */
  private static void biases(RecurrentInputs in, RecurrentCell cell) {
    in.biases(cell.biasIh, cell.biasHh);
    int added = in.layer.cell() == Cell.GRU ? 2 * in.hidden : in.gateRows();
    RecurrentCell.addTo(cell.biasIh, cell.biasHh, added);
  }

  static void copy(View from, View to) {
    Memory.floats(to).put(Memory.floats(from));
  }
}
