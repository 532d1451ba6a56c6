package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.RecurrentOperators;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recurrent layers over all time steps, in single precision.
 *
 * <p>How: the inputs of all steps are multiplied at once. Then each thread takes some of the
 * sequences, which know nothing of each other, through all steps by itself, so that threads never
 * wait for one another; a step is one product of the hidden state, added to that of the input, and
 * one pass over the gates. The backward pass goes the same way back, and multiplies for the
 * gradients of weights and inputs over all steps at once.
 *
 * <p>Most of the time goes into the products, so a provider that has better ones may make the
 * kernels of those.
 *
 * @since 0.1
 */
public final class RecurrentKernels {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(RecurrentOperators.RECURRENT, call -> forward(call, MatrixProduct::blas)),
          entry(
              RecurrentOperators.RECURRENT_BACKWARD, call -> backward(call, MatrixProduct::blas)));

  /** Fewer sequences are not worth a thread: products of so few rows are slow. */
  private static final int FEWEST_SEQUENCES = 8;

  private RecurrentKernels() {}

  /**
   * Makes a kernel of {@link RecurrentOperators#RECURRENT} out of products, or returns null if its
   * operands cannot be read from here.
   */
  public static @Nullable Kernel forward(OpCall call, MatrixProduct.Factory products) {
    return Memory.isAddressable(call) ? new RecurrentForwardKernel(call, products) : null;
  }

  /** As {@link #forward}, of {@link RecurrentOperators#RECURRENT_BACKWARD}. */
  public static @Nullable Kernel backward(OpCall call, MatrixProduct.Factory products) {
    return Memory.isAddressable(call) ? new RecurrentBackwardKernel(call, products) : null;
  }

  /**
   * Divides the sequences among the threads.
   *
   * @param together how many are treated together; a thread takes some times as many
   */
  static List<Parallel.Share> divide(RecurrentInputs in, int together, Parallel.Division division) {
    int blocks = (in.batch + together - 1) / together;
    boolean shared = in.batch >= 2 * FEWEST_SEQUENCES;
    long work = (long) in.steps * together * in.gateRows() * in.hidden;
    return Parallel.divide(
        blocks,
        shared ? work : 0,
        (from, to) -> division.share(from * together, Math.min(in.batch, to * together)));
  }

  static void copy(View from, View to) {
    Memory.floats(to).put(Memory.floats(from));
  }
}
