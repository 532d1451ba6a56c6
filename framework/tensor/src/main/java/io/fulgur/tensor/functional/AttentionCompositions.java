package io.fulgur.tensor.functional;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.AttentionOperators.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Attention with all its weights in memory, out of products and element-wise functions. */
final class AttentionCompositions {
  private static final double TWO_POW_32 = 0x1.0p32;

  private AttentionCompositions() {}

  /** Queries, keys and values, {@code [B, H, time, features]}, and the mask. */
  private record Inputs(Tensor query, Tensor key, Tensor value, @Nullable Tensor mask) {
    static Inputs of(Kind kind, Tensor[] in, int first) {
      Tensor[] parts = new Tensor[3];
      for (int i = 0; i < parts.length; i++) {
        Tensor part = kind.packed() ? in[first].select(2, i) : in[first + i];
        parts[i] = headsFirst(part);
      }
      Tensor mask = kind.masked() ? in[first + kind.projections()] : null;
      return new Inputs(parts[0], parts[1], parts[2], mask);
    }

    Tensor scores(double scale, boolean causal) {
      Tensor scores = query.matmul(key.transpose(2, 3)).mul(scale);
      scores = mask == null ? scores : scores.add(mask);
      return causal
          ? scores.maskedFill(future(query.size(2), key.size(2)), Double.NEGATIVE_INFINITY)
          : scores;
    }
  }

  /** Swaps the dimensions of time and heads. */
  static Tensor headsFirst(Tensor x) {
    return x.permute(0, 2, 1, 3);
  }

  /** Returns where a key is later than a query, {@code [queries, keys]}. */
  static Tensor future(long queries, long keys) {
    boolean[] later = new boolean[Math.toIntExact(queries * keys)];
    for (int t = 0; t < queries; t++) {
      for (int s = t + 1; s < keys; s++) {
        later[(int) (t * keys + s)] = true;
      }
    }
    return Tensor.of(later, queries, keys);
  }

  /**
   * Returns {@code softmax(scores)} over the last dimension, zeros where all are -∞;
   * differentiable.
   */
  static Tensor weights(Tensor scores) {
    if (scores.size(-1) == 0) {
      return scores;
    }
    Tensor exponentials = scores.sub(finiteMax(scores)).exp();
    Tensor sum = exponentials.sum(/* keepDim= */ true, -1);
    return exponentials.div(sum.add(sum.detach().eq(0).to(sum.dtype())));
  }

  /** Returns the largest of the last dimension, 0 where all are -∞; a constant. */
  private static Tensor finiteMax(Tensor scores) {
    Tensor max = scores.detach().max(/* keepDim= */ true, -1);
    return max.maskedFill(max.eq(Double.NEGATIVE_INFINITY), 0);
  }

  static Tensor[] forward(OpCall call, Tensor... tensors) {
    Kind kind = call.attributes(Kind.class);
    Inputs in = Inputs.of(kind, tensors, 0);
    Tensor scores = in.scores(call.scalar(0), kind.causal());
    Tensor logSumExp;
    if (scores.size(-1) == 0) {
      long[] queries = Arrays.copyOf(scores.shape().toArray(), 3);
      logSumExp = Tensor.full(Double.POSITIVE_INFINITY, scores.dtype(), queries);
    } else {
      Tensor max = finiteMax(scores);
      Tensor sum = scores.sub(max).exp().sum(/* keepDim= */ true, -1);
      logSumExp = sum.log().add(max).maskedFill(sum.eq(0), Double.POSITIVE_INFINITY).squeeze(-1);
    }
    Tensor weights = weights(scores);
    Tensor kept = kept(call, weights);
    Tensor y = (kept == null ? weights : weights.mul(kept)).matmul(in.value);
    return new Tensor[] {headsFirst(y), logSumExp};
  }

  static Tensor[] backward(OpCall call, Tensor... tensors) {
    Kind kind = call.attributes(Kind.class);
    double scale = call.scalar(0);
    Inputs in = Inputs.of(kind, tensors, 1);
    Tensor dy = headsFirst(tensors[0]);
    Tensor y = headsFirst(tensors[tensors.length - 2]);
    Tensor logSumExp = tensors[tensors.length - 1];
    Tensor weights = in.scores(scale, kind.causal()).sub(logSumExp.unsqueeze(3)).exp();
    Tensor kept = kept(call, weights);
    Tensor dweights = dy.matmul(in.value.transpose(2, 3));
    Tensor used = weights;
    if (kept != null) {
      dweights = dweights.mul(kept);
      used = weights.mul(kept);
    }
    Tensor dvalue = used.transpose(2, 3).matmul(dy);
    Tensor dot = dy.mul(y).sum(/* keepDim= */ true, -1);
    Tensor dscores = weights.mul(dweights.sub(dot)).mul(scale);
    Tensor dquery = headsFirst(dscores.matmul(in.key));
    Tensor dkey = headsFirst(dscores.transpose(2, 3).matmul(in.query));
    return kind.packed()
        ? new Tensor[] {Tensor.stack(2, dquery, dkey, headsFirst(dvalue))}
        : new Tensor[] {dquery, dkey, headsFirst(dvalue)};
  }

  /** Returns what dropout multiplies the weights by, or null without. */
  private static @Nullable Tensor kept(OpCall call, Tensor weights) {
    Generator generator = call.attributes(Kind.class).dropout();
    if (generator == null) {
      return null;
    }
    double p = call.scalar(1);
    long place = (long) call.scalar(2);
    long threshold = (long) (p * TWO_POW_32);
    float scale = p == 1 ? 0 : (float) (1 / (1 - p));
    int keys = (int) weights.size(3);
    float[] factors = new float[(int) weights.elements()];
    for (int i = 0; i < factors.length; i++) {
      int row = i / keys;
      int key = i % keys;
      long bits = generator.bitsAt(place + (long) row * ((keys + 1) / 2) + key / 2);
      long half = key % 2 == 0 ? bits & 0xFFFFFFFFL : bits >>> 32;
      factors[i] = half >= threshold ? scale : 0;
    }
    return Tensor.of(factors, weights.shape().toArray()).to(weights.dtype());
  }
}
