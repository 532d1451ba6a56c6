package io.fulgur.tensor.cpu;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import io.fulgur.tensor.functional.AttentionOperators.Kind;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The inputs of attention by name, its sizes, and how the scores of a block are finished. */
final class AttentionInputs {
  final OpCall call;
  final int batch;
  final int heads;
  final int queries;
  final int keys;
  final int features;
  final int valueFeatures;
  final boolean causal;
  final Heads query;
  final Heads key;
  final Heads value;
  private final @Nullable Generator dropout;
  private final @Nullable FloatBuffer mask;
  private final int[] maskSteps = new int[4];

  /**
   * The rows of the heads of a tensor {@code [batch, time, heads, features]}, or of a part of
   * {@code [batch, time, 3, heads, features]}.
   *
   * @param matrix the rows of all times
   * @param start the column of the first head
   * @param time how many rows a sequence has
   */
  record Heads(Sgemm.Matrix matrix, int start, int features, int time) {
    static Heads of(View view, int part, int parts) {
      Shape shape = view.shape();
      int features = (int) shape.size(-1);
      int row = (int) shape.size(-2) * features;
      return new Heads(
          Sgemm.Matrix.of(Sgemm.address(view), Math.max(1, parts * row)),
          part * row,
          features,
          (int) shape.size(1));
    }

    long at(int sequence, int head, int row) {
      return matrix.at((long) sequence * time + row, start + (long) head * features);
    }
  }

  AttentionInputs(OpCall call, int first) {
    this.call = call;
    Kind kind = call.attributes(Kind.class);
    View in = call.input(first);
    query = Heads.of(in, 0, kind.packed() ? 3 : 1);
    key = kind.packed() ? Heads.of(in, 1, 3) : Heads.of(call.input(first + 1), 0, 1);
    value = kind.packed() ? Heads.of(in, 2, 3) : Heads.of(call.input(first + 2), 0, 1);
    batch = (int) in.shape().size(0);
    heads = (int) in.shape().size(-2);
    queries = query.time();
    keys = key.time();
    features = query.features();
    valueFeatures = value.features();
    causal = kind.causal();
    dropout = kind.dropout();
    if (kind.masked()) {
      View view = call.input(first + kind.projections());
      mask = Memory.floats(view);
      for (int i = 0; i < maskSteps.length; i++) {
        maskSteps[i] = view.shape().size(i) == 1 ? 0 : (int) view.stride(i);
      }
    } else {
      mask = null;
    }
  }

  float scale() {
    return (float) call.scalar(0);
  }

  boolean drops() {
    return dropout != null;
  }

  /** Returns the end of the keys that some query of a block sees, as far as time tells. */
  int lastKey(int endQuery) {
    return causal ? Math.min(keys, endQuery) : keys;
  }

  /**
   * Computes the scores of a block of queries and keys, hidden ones being negative infinity.
   *
   * @param memory where to multiply
   */
  void scores(
      float[] scores,
      Sgemm gemm,
      NativeScratch.Block memory,
      int sequence,
      int head,
      int query0,
      int rows,
      int key0,
      int width,
      Scratch s) {
    Sgemm.Matrix block = Sgemm.Matrix.of(memory.address, width);
    gemm.multiply(
        rows,
        width,
        features,
        scale(),
        query.matrix(),
        query.at(sequence, head, query0),
        key.matrix().transpose(),
        key.at(sequence, head, key0),
        0,
        block,
        block.address());
    memory.floats.get(0, scores, 0, rows * width);
    hide(scores, sequence, head, query0, rows, key0, width, s);
  }

  /** Adds the mask to scores of queries and keys, and hides later keys. */
  private void hide(
      float[] scores,
      int sequence,
      int head,
      int query0,
      int rows,
      int key0,
      int width,
      Scratch s) {
    if (mask != null) {
      float[] added = s.wide(RowKernels.OF_ROW, rows * width);
      for (int r = 0; r < rows; r++) {
        readMask(added, r * width, sequence, head, query0 + r, key0, width);
      }
      BinaryKernels.add(scores, added, scores, rows * width);
    }
    if (causal) {
      for (int r = 0; r < rows; r++) {
        int from = Math.max(0, query0 + r + 1 - key0);
        if (from < width) {
          Arrays.fill(scores, r * width + from, (r + 1) * width, Float.NEGATIVE_INFINITY);
        }
      }
    }
  }

  private void readMask(
      float[] to, int at, int sequence, int head, int query, int key0, int width) {
    FloatBuffer from = Objects.requireNonNull(mask);
    int place =
        sequence * maskSteps[0] + head * maskSteps[1] + query * maskSteps[2] + key0 * maskSteps[3];
    if (maskSteps[3] == 0) {
      Arrays.fill(to, at, at + width, from.get(place));
    } else {
      from.get(place, to, at, width);
    }
  }

  /** Multiplies numbers for queries and keys by what dropout multiplies those weights by. */
  void drop(
      float[] x, int sequence, int head, int query0, int rows, int key0, int width, Scratch s) {
    Generator generator = dropout;
    if (generator == null) {
      return;
    }
    Draws draws = new Draws(generator, call.scalar(1));
    float[] factors = s.wide(RowKernels.OF_ROW, rows * width);
    for (int r = 0; r < rows; r++) {
      long row = ((long) sequence * heads + head) * queries + query0 + r;
      long place = (long) call.scalar(2) + row * ((keys + 1) / 2) + key0 / 2;
      draws.factors(place, factors, r * width, width, s);
    }
    BinaryKernels.mul(x, factors, x, rows * width);
  }
}
