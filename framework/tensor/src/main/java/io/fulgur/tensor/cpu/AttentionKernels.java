package io.fulgur.tensor.cpu;

import static java.util.Map.entry;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.functional.AttentionOperators;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * Scaled dot-product attention, block by block.
 *
 * <p>How: a thread takes a block of queries of one head and goes through the keys in blocks. The
 * scores of a block are one product; they become weights in the first-level cache and are
 * multiplied by the values. Over several blocks of keys, the largest score so far is kept, and what
 * has been added up is scaled when it grows. Heads are read and written where a projection has
 * them, as rows with a distance.
 *
 * <p>T. Dao et al., "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",
 * 2022.
 */
final class AttentionKernels implements Kernel {
  static final Map<Operator, KernelFactory> KERNELS =
      Map.ofEntries(
          entry(AttentionOperators.ATTENTION, AttentionKernels::new),
          entry(AttentionOperators.ATTENTION_BACKWARD, AttentionBackwardKernel::new));

  /** Queries and keys in a block: their scores fit the second-level cache twice. */
  static final int QUERIES = 64;

  static final int KEYS = 256;

  /** What softmax costs an element, in element-wise functions. */
  static final int COST = 4;

  private final AttentionInputs in;
  private final AttentionInputs.Heads out;
  private final FloatBuffer y;
  private final FloatBuffer logSumExp;
  private final int blocks;

  private AttentionKernels(OpCall call) {
    in = new AttentionInputs(call, 0);
    out = AttentionInputs.Heads.of(call.output(0), 0, 1);
    y = Memory.floats(call.output(0));
    logSumExp = Memory.floats(call.output(1));
    blocks = (in.queries + QUERIES - 1) / QUERIES;
  }

  @Override
  public void run() {
    long work =
        (long) QUERIES
            * in.keys
            * (COST + (in.features + in.valueFeatures) / Parallel.MULTIPLY_ADDS);
    Parallel.rows(
        in.batch * in.heads * blocks,
        Math.max(1, work),
        (from, to, s) -> {
          for (int i = from; i < to; i++) {
            int head = i / blocks;
            block(head / in.heads, head % in.heads, i % blocks * QUERIES, s);
          }
        });
  }

  /** Computes a block of queries. */
  private void block(int sequence, int head, int query0, Scratch s) {
    int rows = Math.min(QUERIES, in.queries - query0);
    int end = in.lastKey(query0 + rows);
    Sgemm gemm = Sgemm.current();
    NativeScratch.Block memory = NativeScratch.current().block(0, QUERIES * KEYS);
    float[] scores = s.wide(0, QUERIES * KEYS);
    float[] max = s.wide(1, QUERIES);
    float[] sum = s.wide(2, QUERIES);
    Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sum, 0, rows, 0f);
    boolean single = end <= KEYS;
    for (int key0 = 0; key0 < end; key0 += KEYS) {
      int width = Math.min(KEYS, end - key0);
      Sgemm.Matrix block = Sgemm.Matrix.of(memory.address, width);
      in.scores(scores, gemm, memory, sequence, head, query0, rows, key0, width, s);
      float[] ofRow = s.wide(RowKernels.OF_ROW, rows * width);
      for (int r = 0; r < rows; r++) {
        float larger = Math.max(max[r], Sums.max(scores, r * width, width, s));
        if (larger > max[r] && sum[r] > 0) {
          float factor = Exp.exp(max[r] - larger);
          sum[r] *= factor;
          scaleOutput(sequence, head, query0 + r, factor, s);
        }
        max[r] = larger;
        // Where every key is hidden so far, any number will do.
        float shift = larger == Float.NEGATIVE_INFINITY ? 0 : larger;
        Arrays.fill(ofRow, r * width, (r + 1) * width, shift);
      }
      BinaryKernels.sub(scores, ofRow, scores, rows * width);
      VectorExp.exp(scores, 0, rows * width, s);
      for (int r = 0; r < rows; r++) {
        sum[r] += Sums.sum(scores, r * width, width);
        Arrays.fill(ofRow, r * width, (r + 1) * width, sum[r] > 0 ? 1 / sum[r] : 1);
      }
      if (single) {
        BinaryKernels.mul(scores, ofRow, scores, rows * width);
      }
      in.drop(scores, sequence, head, query0, rows, key0, width, s);
      memory.floats.put(0, scores, 0, rows * width);
      gemm.multiply(
          rows,
          in.valueFeatures,
          width,
          1,
          block,
          block.address(),
          in.value.matrix(),
          in.value.at(sequence, head, key0),
          key0 == 0 ? 0 : 1,
          out.matrix(),
          out.at(sequence, head, query0));
    }
    int first = (sequence * in.heads + head) * in.queries + query0;
    for (int r = 0; r < rows; r++) {
      boolean sees = sum[r] > 0;
      logSumExp.put(first + r, sees ? max[r] + (float) Math.log(sum[r]) : Float.POSITIVE_INFINITY);
      if (!single && sees) {
        scaleOutput(sequence, head, query0 + r, 1 / sum[r], s);
      } else if (end == 0) {
        scaleOutput(sequence, head, query0 + r, 0, s);
      }
    }
  }

  private void scaleOutput(int sequence, int head, int query, float factor, Scratch s) {
    float[] row = s.wide(3, in.valueFeatures);
    int at = ((sequence * in.queries + query) * in.heads + head) * in.valueFeatures;
    if (factor == 0) {
      Arrays.fill(row, 0, in.valueFeatures, 0f);
    } else {
      y.get(at, row, 0, in.valueFeatures);
      RowKernels.scale(row, 0, in.valueFeatures, factor);
    }
    y.put(at, row, 0, in.valueFeatures);
  }
}
