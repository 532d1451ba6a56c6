package io.fulgur.tensor.functional;

import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Cross-entropy of labels by softmax, picking and element-wise functions. */
final class ComposedCrossEntropy {
  private ComposedCrossEntropy() {}

  static Tensor[] forward(OpCall call, Tensor... in) {
    Tensor labels = in[1];
    checkLabels(labels, in[0].size(1));
    Tensor logProbabilities = in[0].logSoftmax(1);
    Tensor loss = logProbabilities.gather(1, labels.unsqueeze(1)).mean().neg();
    return new Tensor[] {loss, logProbabilities.exp()};
  }

  static Tensor backward(OpCall call, Tensor... in) {
    Tensor probabilities = in[1];
    return probabilities
        .sub(oneHot(in[2], probabilities))
        .mul(in[0].mul(1.0 / probabilities.size(0)));
  }

  static Tensor[] weighted(OpCall call, Tensor... in) {
    Tensor counted = counted(call, in[1]);
    Tensor labels = only(counted, in[1]);
    checkLabels(labels, in[0].size(1));
    Tensor w = in[2];
    double smoothing = call.scalar(0);
    Tensor logProbabilities = in[0].logSoftmax(1);
    Tensor weights = w.gather(0, labels);
    Tensor losses = logProbabilities.gather(1, labels.unsqueeze(1)).squeeze(1).neg().mul(weights);
    if (smoothing > 0) {
      Tensor ofAll = logProbabilities.mul(w).sum(/* keepDim= */ false, 1);
      losses = losses.mul(1 - smoothing).sub(ofAll.mul(smoothing / w.size(0)));
    }
    return new Tensor[] {only(counted, losses), only(counted, weights), logProbabilities.exp()};
  }

  /*
   * With t the smoothed one-hot row times w: dlogits = grad (probabilities Σ t - t).
   */
  static Tensor weightedBackward(OpCall call, Tensor... in) {
    Tensor probabilities = in[1];
    Tensor counted = counted(call, in[2]);
    Tensor labels = only(counted, in[2]);
    double smoothing = call.scalar(0);
    Tensor t =
        oneHot(labels, probabilities)
            .mul(1 - smoothing)
            .add(smoothing / probabilities.size(1))
            .mul(in[3]);
    Tensor total = t.sum(/* keepDim= */ true, 1);
    Tensor gradient = probabilities.mul(total).sub(t).mul(in[0].unsqueeze(1));
    return only(counted == null ? null : counted.unsqueeze(1), gradient);
  }

  private static Tensor oneHot(Tensor labels, Tensor probabilities) {
    Tensor classes = Tensor.arange(probabilities.size(1));
    return classes.eq(labels.unsqueeze(1)).to(probabilities.dtype());
  }

  /** Returns which labels count, or null if all do. */
  private static @Nullable Tensor counted(OpCall call, Tensor labels) {
    return call.attributes(Object.class) instanceof Long ignored ? labels.ne(ignored) : null;
  }

  /** Puts 0, which is also a class, where a label does not count. */
  private static Tensor only(@Nullable Tensor counted, Tensor x) {
    return counted == null ? x : Tensor.where(counted, x, Tensor.zerosLike(x));
  }

  /** Tells of a wrong label as such, before it is an index of gather. */
  private static void checkLabels(Tensor labels, long classes) {
    long[] values = labels.toLongArray();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= classes) {
        throw IndexException.label("crossEntropy", values[i], i, classes);
      }
    }
  }
}
