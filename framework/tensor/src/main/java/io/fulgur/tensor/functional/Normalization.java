package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import org.jspecify.annotations.Nullable;

/**
 * Normalisations, as the functions of these names in {@code torch.nn.functional}: {@code (x - mean)
 * / √(variance + ε) · weight + bias}, with the mean and (biased) variance of what is normalised
 * together. Weights that are null are ones, biases that are null zeros.
 *
 * <p>Weights and statistics have the type of the input, or are F32 where that is BF16 or F16. What
 * does not fit is a {@link ShapeException} or {@link io.fulgur.tensor.DTypeException}.
 *
 * @since 0.1
 */
public final class Normalization {
  private static final double[] NO_SCALARS = {};

  private Normalization() {}

  /**
   * Normalises each channel by the mean and variance of this batch and brings the running
   * statistics nearer to them.
   *
   * @param input {@code [batch, channels, d...]} of 2 to 5 dimensions
   * @param weight {@code [channels]} or null
   * @param bias {@code [channels]} or null
   * @param running statistics to be updated, or null
   * @param factor how much of the running statistics is new, {@code momentum} in PyTorch
   * @throws ShapeException also if there is but one value for each channel
   */
  public static Tensor batchNorm(
      Tensor input,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable RunningStatistics running,
      double factor,
      double epsilon) {
    NormalizationChecks.channels("batchNorm", input, weight, bias);
    long channels = input.size(1);
    long count = channels == 0 ? 0 : input.elements() / channels;
    if (count == 1) {
      throw ShapeException.mismatch(
          "batchNorm",
          "a single value for each channel has no variance; use larger batches, or evaluation mode",
          input.shape());
    }
    MemoryFormat format = input.memoryFormat();
    Tensor x = input.contiguous(format);
    Tensor w = orFull(weight, 1, input, channels);
    Tensor b = orFull(bias, 0, input, channels);
    Tensor[] out =
        Calls.callAll(NormalizationOperators.BATCH_NORM, format, new double[] {epsilon}, x, w, b);
    Tensor mean = out[1];
    Tensor variance = out[2];
    if (running != null && count > 0) {
      update(running, mean, variance, factor, (double) count / (count - 1));
    }
    if (Calls.tracks(x, w, b)) {
      Calls.record(
          out[0],
          "batchNorm",
          (grad, g) -> {
            Tensor[] in =
                Calls.callAll(
                    NormalizationOperators.BATCH_NORM_BACKWARD,
                    format,
                    new double[] {epsilon},
                    grad.contiguous(format),
                    x,
                    w,
                    mean,
                    variance);
            g.give(x, in[0]);
            g.give(w, in[1]);
            g.give(b, in[2]);
          },
          x,
          w,
          mean,
          variance);
    }
    mean.release();
    variance.release();
    return out[0];
  }

  /**
   * What batch normalisation remembers of its batches, in memory that is written to.
   *
   * @param mean {@code [channels]}
   * @param variance {@code [channels]}, unbiased
   * @param batches a scalar of {@link DType#I64}
   */
  public record RunningStatistics(Tensor mean, Tensor variance, Tensor batches) {}

  private static void update(
      RunningStatistics running, Tensor mean, Tensor variance, double factor, double unbiased) {
    View[] targets = Calls.views(running.mean, running.variance, running.batches);
    View[] inputs = Calls.views(mean, variance, running.mean, running.variance, running.batches);
    Calls.into(
        NormalizationOperators.UPDATE_RUNNING_STATISTICS,
        Operators.NONE,
        inputs,
        targets,
        factor,
        unbiased);
  }

  /**
   * Normalises each channel by given statistics, which count as constants.
   *
   * @param input {@code [batch, channels, d...]} of 2 to 5 dimensions
   * @param runningMean {@code [channels]}
   * @param runningVariance {@code [channels]}
   * @param weight {@code [channels]} or null
   * @param bias {@code [channels]} or null
   */
  public static Tensor batchNormInference(
      Tensor input,
      Tensor runningMean,
      Tensor runningVariance,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      double epsilon) {
    NormalizationChecks.channels("batchNormInference", input, weight, bias);
    NormalizationChecks.channels("batchNormInference", input, runningMean, runningVariance);
    long channels = input.size(1);
    Tensor mean = runningMean.contiguous();
    Tensor variance = runningVariance.contiguous();
    MemoryFormat format = input.memoryFormat();
    Tensor x = input.contiguous(format);
    Tensor w = orFull(weight, 1, input, channels);
    Tensor b = orFull(bias, 0, input, channels);
    double[] scalars = {epsilon};
    Tensor y =
        Calls.callAll(
            NormalizationOperators.BATCH_NORM_INFERENCE, format, scalars, x, mean, variance, w, b)[
            0];
    if (!Calls.tracks(x, w, b)) {
      return y;
    }
    return Calls.record(
        y,
        "batchNormInference",
        (grad, g) -> {
          Tensor rstd = variance.add(epsilon).rsqrt();
          int[] dims = ComposedBatchNorm.allButChannels(x);
          if (x.requiresGrad()) {
            Tensor scale = ComposedBatchNorm.channels(w.mul(rstd), x).to(x.dtype());
            g.give(x, grad.mul(scale));
          }
          if (w.requiresGrad()) {
            Tensor n =
                x.to(w.dtype())
                    .sub(ComposedBatchNorm.channels(mean, x))
                    .mul(ComposedBatchNorm.channels(rstd, x));
            g.give(w, grad.to(w.dtype()).mul(n).sum(/* keepDim= */ false, dims));
          }
          if (b.requiresGrad()) {
            g.give(b, grad.to(b.dtype()).sum(/* keepDim= */ false, dims));
          }
        },
        x,
        w,
        mean,
        variance);
  }

  /**
   * Normalises each group of channels of each sample.
   *
   * <p>Y. Wu, K. He, "Group Normalization", ECCV 2018.
   *
   * @param input {@code [batch, channels, d...]}
   * @param groups into how many groups the channels are divided
   * @param weight {@code [channels]} or null
   * @param bias {@code [channels]} or null
   */
  public static Tensor groupNorm(
      Tensor input, int groups, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
    Tensor x = Autocast.input(NormalizationOperators.GROUP_NORM, input);
    NormalizationChecks.channels("groupNorm", x, weight, bias);
    long channels = x.size(1);
    if (groups < 1 || channels % groups != 0) {
      throw ShapeException.mismatch(
          "groupNorm",
          "the %d channels cannot be divided into %d groups".formatted(channels, groups),
          input.shape());
    }
    Tensor w = orFull(weight, 1, x, channels);
    Tensor b = orFull(bias, 0, x, channels);
    return normalizedGroups(groups, x.contiguous(), w, b, epsilon);
  }

  private static Tensor normalizedGroups(
      Integer groups, Tensor x, Tensor weight, Tensor bias, double epsilon) {
    Tensor[] out =
        Calls.callAll(
            NormalizationOperators.GROUP_NORM, groups, new double[] {epsilon}, x, weight, bias);
    Tensor mean = out[1];
    Tensor rstd = out[2];
    if (Calls.tracks(x, weight, bias)) {
      Calls.record(
          out[0],
          "groupNorm",
          (grad, g) -> {
            Tensor[] in =
                Calls.callAll(
                    NormalizationOperators.GROUP_NORM_BACKWARD,
                    groups,
                    NO_SCALARS,
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

  /**
   * Normalises each channel of each sample.
   *
   * <p>D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance Normalization: The Missing Ingredient for
   * Fast Stylization", 2016.
   *
   * @param input {@code [batch, channels, d...]}
   * @param weight {@code [channels]} or null
   * @param bias {@code [channels]} or null
   * @throws ShapeException also if there is but one value to normalise at a time
   */
  public static Tensor instanceNorm(
      Tensor input, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
    NormalizationChecks.channels("instanceNorm", input, weight, bias);
    long samples = input.size(0) * input.size(1);
    if (samples > 0 && input.elements() == samples) {
      throw ShapeException.mismatch(
          "instanceNorm", "a single value has no variance; use larger inputs", input.shape());
    }
    return groupNorm(input, Math.toIntExact(input.size(1)), weight, bias, epsilon);
  }

  /**
   * Normalises over the last dimensions.
   *
   * <p>J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", 2016.
   *
   * @param input {@code [..., normalized]}
   * @param weight of the shape of the last dimensions of {@code input}, or null
   * @param bias likewise
   */
  public static Tensor layerNorm(
      Tensor input,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Shape normalized,
      double epsilon) {
    Tensor given = Autocast.input(NormalizationOperators.LAYER_NORM, input);
    NormalizationChecks.lastDimensions("layerNorm", given, weight, bias, normalized);
    long width = normalized.elements();
    Tensor x = rows(given, width);
    Tensor w = orFull(weight, 1, given, width).reshape(width);
    Tensor b = orFull(bias, 0, given, width).reshape(width);
    Tensor[] out =
        Calls.callAll(
            NormalizationOperators.LAYER_NORM, Operators.NONE, new double[] {epsilon}, x, w, b);
    Tensor mean = out[1];
    Tensor rstd = out[2];
    if (Calls.tracks(x, w, b)) {
      Calls.record(
          out[0],
          "layerNorm",
          (grad, g) -> {
            Tensor[] in =
                Calls.callAll(
                    NormalizationOperators.LAYER_NORM_BACKWARD,
                    Operators.NONE,
                    NO_SCALARS,
                    grad.contiguous(),
                    x,
                    w,
                    mean,
                    rstd);
            g.give(x, in[0]);
            g.give(w, in[1]);
            g.give(b, in[2]);
          },
          x,
          w,
          mean,
          rstd);
    }
    mean.release();
    rstd.release();
    return out[0].reshape(given.shape().toArray());
  }

  /**
   * Divides by the root of the mean square over the last dimensions: {@code x / √(mean(x²) + ε) ·
   * weight}, as {@code torch.nn.functional.rms_norm}.
   *
   * <p>B. Zhang, R. Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.
   *
   * @param weight of the shape of the last dimensions of {@code input}, or null
   */
  public static Tensor rmsNorm(
      Tensor input, @Nullable Tensor weight, Shape normalized, double epsilon) {
    Tensor given = Autocast.input(NormalizationOperators.RMS_NORM, input);
    NormalizationChecks.lastDimensions("rmsNorm", given, weight, null, normalized);
    long width = normalized.elements();
    Tensor x = rows(given, width);
    Tensor w = orFull(weight, 1, given, width).reshape(width);
    Tensor[] out =
        Calls.callAll(
            NormalizationOperators.RMS_NORM, Operators.NONE, new double[] {epsilon}, x, w);
    Tensor rstd = out[1];
    if (Calls.tracks(x, w)) {
      Calls.record(
          out[0],
          "rmsNorm",
          (grad, g) -> {
            Tensor[] in =
                Calls.callAll(
                    NormalizationOperators.RMS_NORM_BACKWARD,
                    Operators.NONE,
                    NO_SCALARS,
                    grad.contiguous(),
                    x,
                    w,
                    rstd);
            g.give(x, in[0]);
            g.give(w, in[1]);
          },
          x,
          w,
          rstd);
    }
    rstd.release();
    return out[0].reshape(given.shape().toArray());
  }

  private static Tensor rows(Tensor input, long width) {
    return input.reshape(width == 0 ? 0 : input.elements() / width, width);
  }

  /** Returns an operand, row-major, or a vector of one value in its place. */
  private static Tensor orFull(@Nullable Tensor operand, double value, Tensor input, long size) {
    return operand == null ? Tensor.full(value, input.dtype(), size) : operand.contiguous();
  }

  /**
   * Local response normalisation across channels: {@code x / (k + α/size · Σ x²)^β}, the sum over
   * {@code size} neighbouring channels, as {@code torch.nn.functional.local_response_norm}.
   *
   * <p>A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet Classification with Deep Convolutional
   * Neural Networks", NeurIPS 2012.
   *
   * @param input {@code [batch, channels, d...]}
   */
  public static Tensor localResponseNorm(
      Tensor input, int size, double alpha, double beta, double k) {
    NormalizationChecks.channels("localResponseNorm", input, null, null);
    if (size < 1 || input.rank() < 3) {
      throw ShapeException.mismatch(
          "localResponseNorm",
          "over %d channels: needed is at least one, and an input [batch, channels, d...]"
              .formatted(size),
          input.shape());
    }
    Tensor squares = input.square().flatten(2, -1).unsqueeze(1);
    Tensor padded = Padding.constant(squares, 0, 0, 0, size / 2, (size - 1) / 2);
    Tensor means =
        Pooling.avgPool3d(padded.unsqueeze(-1), PoolingOptions.kernelSize(size, 1, 1).stride(1))
            .reshape(input.shape().toArray());
    return input.div(means.mul(alpha).add(k).pow(beta));
  }
}
