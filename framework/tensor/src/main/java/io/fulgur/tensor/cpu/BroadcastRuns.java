package io.fulgur.tensor.cpu;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import java.util.Arrays;

/**
 * Where the elements of broadcast row-major operands lie, for each element of the output.
 *
 * <p>Neighbouring dimensions along which every operand goes on alike are joined, so that the
 * innermost run is as long as can be: for operands of one shape, the whole.
 *
 * @param sizes the output's joined dimensions
 * @param steps for each operand, how far apart its elements are along each, in elements
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; read in the innermost loops.
record BroadcastRuns(int[] sizes, int[][] steps) {
  /** Returns where the inputs of a call lie. */
  static BroadcastRuns of(OpCall call) {
    View[] inputs = new View[call.inputs()];
    Arrays.setAll(inputs, call::input);
    return of(call.output(0).shape(), inputs);
  }

  static BroadcastRuns of(Shape out, View... inputs) {
    int operands = inputs.length;
    int[] sizes = new int[out.rank() + 1];
    int[][] steps = new int[operands][out.rank() + 1];
    int rank = 0;
    for (int d = 0; d < out.rank(); d++) {
      if (out.size(d) == 1) {
        continue;
      }
      boolean joins = rank > 0;
      for (int k = 0; k < operands; k++) {
        steps[k][rank] = step(inputs[k], out, d);
        joins &= rank > 0 && steps[k][rank - 1] == steps[k][rank] * out.size(d);
      }
      if (joins) {
        sizes[rank - 1] *= (int) out.size(d);
        for (int k = 0; k < operands; k++) {
          steps[k][rank - 1] = steps[k][rank];
        }
      } else {
        sizes[rank++] = (int) out.size(d);
      }
    }
    if (rank == 0) {
      sizes[rank++] = 1;
    }
    int[] joined = Arrays.copyOf(sizes, rank);
    for (int k = 0; k < operands; k++) {
      steps[k] = Arrays.copyOf(steps[k], rank);
    }
    return new BroadcastRuns(joined, steps);
  }

  private static int step(View operand, Shape out, int dim) {
    int own = dim - (out.rank() - operand.shape().rank());
    return own < 0 || operand.shape().size(own) == 1 ? 0 : (int) operand.stride(own);
  }

  /** Returns how many elements follow one another with equal steps. */
  int run() {
    return sizes[sizes.length - 1];
  }

  /** Returns how far apart an operand's elements are within a run. */
  int step(int operand) {
    return steps[operand][sizes.length - 1];
  }

  /** Returns an operand's place for an element of the output. */
  int place(int operand, int element) {
    int[] own = steps[operand];
    int rest = element;
    int place = 0;
    for (int d = sizes.length - 1; d > 0; d--) {
      place += rest % sizes[d] * own[d];
      rest /= sizes[d];
    }
    return place + rest * own[0];
  }
}
