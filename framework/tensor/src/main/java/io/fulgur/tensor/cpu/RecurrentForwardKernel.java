package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import java.util.List;

/** The forward pass of {@link RecurrentKernels}. */
final class RecurrentForwardKernel implements Kernel {
  private final OpCall call;
  private final RecurrentInputs in;
  private final RecurrentCell cell;
  private final RecurrentProducts products;
  private final Sgemm.Matrix sums;
  private final MatrixProduct ofInputs;
  private final List<Parallel.Share> sequences;

  RecurrentForwardKernel(OpCall call, MatrixProduct.Factory factory) {
    this.call = call;
    in = RecurrentInputs.of(call, 0);
    cell = RecurrentCell.forward(call, in);
    products = new RecurrentProducts(factory);
    sums = Sgemm.Matrix.of(Sgemm.address(cell.sums), cell.width);
    Sgemm.Matrix weight = in.weightIh.transpose();
    int rows = in.steps * in.batch;
    ofInputs =
        products.ofAllSteps(rows, cell.width, in.features, in.x, weight, sums, /* add= */ false);
    sequences = RecurrentKernels.divide(in, cell.together(), this::sequences);
  }

  @Override
  public void run() {
    cell.readBiases();
    RecurrentKernels.copy(in.h0, call.output(1));
    if (in.c0 != null) {
      RecurrentKernels.copy(in.c0, call.output(2));
    }
    ofInputs.right(in.weightIh.address());
    ofInputs.multiply(in.x.address(), sums.address());
    Parallel.run(sequences);
  }

  /** Takes some sequences through all steps. */
  private Parallel.Share sequences(int from, int to) {
    Sgemm.Matrix hidden = Sgemm.Matrix.of(Sgemm.address(call.output(1)), in.hidden);
    Sgemm.Matrix weight = in.weightHh.transpose();
    Sgemm.Matrix apart = cell.hiddenSums();
    boolean add = apart == null;
    MatrixProduct product =
        products.ofStep(to - from, cell.width, in.hidden, hidden, weight, sums, add);
    return scratch -> {
      product.right(weight.address());
      for (int step = 0; step < in.steps; step++) {
        int time = in.time(step);
        long y = apart == null ? sums.at((long) time * in.batch + from, 0) : apart.at(from, 0);
        product.multiply(hidden.at(from, 0), y);
        for (int n = from; n < to; n += cell.together()) {
          cell.activate(time, n, Math.min(cell.together(), to - n), scratch);
        }
      }
    };
  }

  @Override
  public void close() {
    products.close();
  }
}
