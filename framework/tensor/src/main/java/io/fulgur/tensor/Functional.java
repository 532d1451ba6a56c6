package io.fulgur.tensor;

import static io.fulgur.tensor.Operators.NONE;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import org.jspecify.annotations.Nullable;

/**
 * Functions that layers and losses are made of and that have kernels of their own.
 *
 * @since 0.1
 */
public final class Functional {

  private Functional() {}

  /**
   * Returns the mean of {@code -logSoftmax(logits)[label]} over the rows, as {@code
   * torch.nn.functional.cross_entropy}.
   *
   * @param logits {@code [n, classes]}, floating-point
   * @param labels {@code [n]} of {@link DType#I64}, in {@code [0, classes)}
   * @return a scalar
   * @throws ShapeException if the shapes do not fit
   * @throws IndexException if a label is out of range
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    if (logits.rank() != 2 || labels.rank() != 1 || logits.size(0) != labels.size(0)) {
      throw ShapeException.mismatch(
          "crossEntropy",
          "needs logits [n, classes] and labels [n]",
          logits.shape(),
          labels.shape());
    }
    if (labels.dtype() != DType.I64) {
      throw DTypeException.unsupported(
          "crossEntropy with labels", labels.dtype(), "I64; convert with to(DType.I64)");
    }
    if (!logits.dtype().isFloating()) {
      throw DTypeException.unsupported("crossEntropy", logits.dtype(), "floating-point logits");
    }
    Tensor x = Autocast.input(Operators.CROSS_ENTROPY, logits).contiguous();
    Tensor y = labels.contiguous();
    Tensor[] out = Calls.callAll(Operators.CROSS_ENTROPY, NONE, ExecutionContext.NO_SCALARS, x, y);
    Tensor probabilities = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          out[0],
          "crossEntropy",
          (grad, g) ->
              g.give(x, Calls.call(Operators.CROSS_ENTROPY_BACKWARD, NONE, grad, probabilities, y)),
          probabilities,
          y);
    }
    probabilities.release();
    return out[0];
  }

  static Tensor[] composedCrossEntropy(OpCall call, Tensor... in) {
    Tensor labels = in[1];
    checkLabels(labels, in[0].size(1));
    Tensor logProbabilities = in[0].logSoftmax(1);
    Tensor loss = logProbabilities.gather(1, labels.unsqueeze(1)).mean().neg();
    return new Tensor[] {loss, logProbabilities.exp()};
  }

  static Tensor composedCrossEntropyBackward(OpCall call, Tensor... in) {
    Tensor probabilities = in[1];
    Tensor classes = Tensor.arange(probabilities.size(1));
    Tensor target = classes.eq(in[2].unsqueeze(1)).to(probabilities.dtype());
    return probabilities.sub(target).mul(in[0].mul(1.0 / probabilities.size(0)));
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

  /** Returns the mean of {@code (input - target)²}; the shapes are equal. */
  public static Tensor mse(Tensor input, Tensor target) {
    if (!input.shape().equals(target.shape())) {
      throw ShapeException.mismatch(
          "mse", "input and target must have one shape", input.shape(), target.shape());
    }
    return Autocast.singlePrecision(input).sub(Autocast.singlePrecision(target)).square().mean();
  }

  /**
   * Returns {@code x} with each element zeroed with probability {@code p} and the others scaled by
   * {@code 1 / (1 - p)}.
   *
   * @param p in {@code [0, 1]}
   */
  public static Tensor dropout(Tensor input, double p, Generator generator) {
    if (!(p >= 0 && p <= 1)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The probability of dropout must be in [0, 1], but is "
              + p
              + ".\n   "
              + UserCode.location());
    }
    if (p == 0) {
      return input;
    }
    Tensor x = input.contiguous();
    double scale = p == 1 ? 0 : 1 / (1 - p);
    Tensor[] out = Calls.callAll(Operators.DROPOUT, generator, new double[] {p}, x);
    Tensor mask = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          out[0],
          "dropout",
          (grad, g) ->
              g.give(
                  x,
                  Calls.call(
                      Operators.MASKED_SCALE, NONE, new double[] {scale}, grad.contiguous(), mask)),
          mask);
    }
    mask.release();
    return out[0];
  }

  static Tensor[] composedDropout(OpCall call, Tensor... in) {
    Tensor x = in[0];
    double p = call.scalar(0);
    Tensor draws = Factories.uniform(call.attributes(Generator.class), 0, 1, DType.F64, x.shape());
    Tensor mask = draws.ge(p);
    return new Tensor[] {x.mul(mask.to(x.dtype())).mul(p == 1 ? 0 : 1 / (1 - p)), mask};
  }

  /**
   * Returns {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}, mean and (biased)
   * variance taken over the last dimensions, those of the weight.
   *
   * @param weight of the shape of the last dimensions of {@code input}, or null for ones
   * @param bias likewise, or null for zeros
   */
  public static Tensor layerNorm(
      Tensor input,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Shape normalized,
      double epsilon) {
    return uniformLayerNorm(
        Autocast.input(Operators.LAYER_NORM, input), weight, bias, normalized, epsilon);
  }

  private static Tensor uniformLayerNorm(
      Tensor input,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Shape normalized,
      double epsilon) {
    int leading = input.rank() - normalized.rank();
    boolean fits = leading >= 0 && normalized.rank() > 0;
    for (int i = 0; fits && i < normalized.rank(); i++) {
      fits = input.size(leading + i) == normalized.size(i);
    }
    if (!fits) {
      throw ShapeException.mismatch(
          "layerNorm", "the last dimensions of the input must be " + normalized, input.shape());
    }
    checkPart(input, weight, normalized, "weight");
    checkPart(input, bias, normalized, "bias");
    long width = normalized.elements();
    Tensor rows = Shaping.view(input, Shape.of(width == 0 ? 0 : input.elements() / width, width));
    Tensor scale =
        weight == null
            ? Factories.full(1, input.dtype(), Shape.of(width))
            : Shaping.view(weight, Shape.of(width));
    Tensor shift =
        bias == null
            ? Factories.full(0, input.dtype(), Shape.of(width))
            : Shaping.view(bias, Shape.of(width));
    return Shaping.view(normalizedRows(rows, scale, shift, epsilon), input.shape());
  }

  private static void checkPart(
      Tensor input, @Nullable Tensor part, Shape normalized, String name) {
    if (part == null) {
      return;
    }
    if (part.dtype() != input.dtype()) {
      throw DTypeException.mixed("layerNorm", input.dtype(), part.dtype());
    }
    if (!part.shape().equals(normalized)) {
      throw ShapeException.mismatch(
          "layerNorm", "the " + name + " must be " + normalized, input.shape(), part.shape());
    }
  }

  private static Tensor normalizedRows(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    Tensor[] out =
        Calls.callAll(Operators.LAYER_NORM, NONE, new double[] {epsilon}, x, weight, bias);
    Tensor mean = out[1];
    Tensor rstd = out[2];
    if (Calls.tracks(x, weight, bias)) {
      Calls.record(
          out[0],
          "layerNorm",
          (grad, g) -> {
            Tensor[] in =
                Calls.callAll(
                    Operators.LAYER_NORM_BACKWARD,
                    NONE,
                    ExecutionContext.NO_SCALARS,
                    grad.contiguous(),
                    x,
                    weight,
                    mean,
                    rstd);
            g.give(x, in[0]);
            g.give(weight, in[1]);
            g.give(bias, in[2]);
          },
          x,
          weight,
          mean,
          rstd);
    }
    mean.release();
    rstd.release();
    return out[0];
  }

  static Tensor[] composedLayerNorm(OpCall call, Tensor... in) {
    Tensor x = in[0];
    Tensor mean = Reductions.mean(x, 2, /* keepDim= */ true);
    Tensor centred = x.sub(mean);
    Tensor variance = Reductions.mean(centred.square(), 2, /* keepDim= */ true);
    Tensor rstd = variance.add(call.scalar(0)).rsqrt();
    return new Tensor[] {
      centred.mul(rstd).mul(in[1]).add(in[2]), Shaping.squeeze(mean, 1), Shaping.squeeze(rstd, 1)
    };
  }

  /*
   * With n = (x - mean) rstd and h = grad weight, over each row:
   * dx = rstd (h - mean(h) - n mean(h n)).
   */
  static Tensor[] composedLayerNormBackward(OpCall call, Tensor... in) {
    Tensor grad = in[0];
    Tensor rstd = in[4].unsqueeze(1);
    Tensor n = in[1].sub(in[3].unsqueeze(1)).mul(rstd);
    Tensor h = grad.mul(in[2]);
    Tensor meanOfGrad = Reductions.mean(h, 2, /* keepDim= */ true);
    Tensor meanOfProduct = Reductions.mean(h.mul(n), 2, /* keepDim= */ true);
    return new Tensor[] {
      h.sub(meanOfGrad).sub(n.mul(meanOfProduct)).mul(rstd),
      Reductions.sum(grad.mul(n), 1, /* keepDim= */ false),
      Reductions.sum(grad, 1, /* keepDim= */ false)
    };
  }
}
