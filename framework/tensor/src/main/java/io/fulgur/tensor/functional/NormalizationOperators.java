package io.fulgur.tensor.functional;

import io.fulgur.tensor.Composition;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;

/**
 * The operators that normalisations are made of, all composite. Scalar s0 is epsilon. Statistics
 * and weights have one type; the input has that type, too, or is of 16 bits where it is F32.
 *
 * @since 0.1
 */
public final class NormalizationOperators {
  /**
   * {@code x[n, c, d...], weight[c], bias[c] -> y, mean[c], variance[c]}: normalises each channel
   * by its own mean and (biased) variance. The attribute is the {@link MemoryFormat} of x and y.
   */
  public static final Operator BATCH_NORM =
      Operator.of(
          "batchNorm",
          (format, in) -> {
            Output perChannel = new Output(in[1].dtype(), in[1].shape());
            return new Output[] {like(in[0], format), perChannel, perChannel};
          },
          ComposedBatchNorm::forward);

  /**
   * {@code grad, x, weight, mean, variance -> dx, dweight, dbias}. The attribute is the {@link
   * MemoryFormat} of grad, x and dx.
   */
  public static final Operator BATCH_NORM_BACKWARD =
      Operator.of(
          "batchNormBackward",
          (format, in) -> {
            Output perChannel = new Output(in[2].dtype(), in[2].shape());
            return new Output[] {like(in[1], format), perChannel, perChannel};
          },
          ComposedBatchNorm::backward);

  /**
   * {@code x[n, c, d...], mean[c], variance[c], weight[c], bias[c] -> y}: normalises by given
   * statistics. The attribute is the {@link MemoryFormat} of x and y.
   */
  public static final Operator BATCH_NORM_INFERENCE =
      Operator.of(
          "batchNormInference",
          (format, in) -> new Output[] {like(in[0], format)},
          Composition.of(ComposedBatchNorm::inference));

  /**
   * {@code mean[c], variance[c], runningMean[c], runningVariance[c], batches[] -> runningMean,
   * runningVariance, batches}, into the memory of the last three inputs: {@code running = (1 - s0)
   * running + s0 statistic}, the variance taken s1 times ({@code m / (m - 1)} of m values makes it
   * unbiased), and one more batch.
   */
  public static final Operator UPDATE_RUNNING_STATISTICS =
      Operator.of(
          "updateRunningStatistics",
          (attributes, in) -> new Output[] {like(in[2]), like(in[3]), like(in[4])},
          ComposedBatchNorm::updateRunning);

  /**
   * {@code x[n, c, d...], weight[c], bias[c] -> y, mean[n * groups], rstd[n * groups]}: normalises
   * each group of channels of each sample. The attribute is the number of groups, an Integer.
   */
  public static final Operator GROUP_NORM =
      Operator.of(
              "groupNorm",
              (groups, in) -> {
                Output perGroup =
                    new Output(in[1].dtype(), Shape.of(in[0].shape().size(0) * (Integer) groups));
                return new Output[] {like(in[0]), perGroup, perGroup};
              },
              ComposedNorms::group)
          .inSinglePrecision();

  /** {@code grad, x, weight, mean, rstd -> dx, dweight, dbias}; the attribute as GROUP_NORM's. */
  public static final Operator GROUP_NORM_BACKWARD =
      Operator.of(
          "groupNormBackward", NormalizationOperators::gradients, ComposedNorms::groupBackward);

  /**
   * {@code x[rows, n], weight[n], bias[n] -> y, mean[rows], rstd[rows]}: normalises each row. Mean
   * and rstd of 16-bit rows are {@link DType#F32}.
   */
  public static final Operator LAYER_NORM =
      Operator.of(
              "layerNorm",
              (attributes, in) -> {
                DType statistics = in[0].dtype().isSixteenBit() ? DType.F32 : in[0].dtype();
                Output perRow = perRow(in[0], statistics);
                return new Output[] {like(in[0]), perRow, perRow};
              },
              ComposedNorms::layer)
          .inSinglePrecision();

  /** {@code grad, x, weight, mean, rstd -> dx, dweight, dbias}. */
  public static final Operator LAYER_NORM_BACKWARD =
      Operator.of(
          "layerNormBackward", NormalizationOperators::gradients, ComposedNorms::layerBackward);

  /**
   * {@code x[rows, n], weight[n] -> y, rstd[rows]}: divides each row by the root of its mean
   * square, {@code rstd = 1 / √(mean(x²) + s0)}.
   */
  public static final Operator RMS_NORM =
      Operator.of(
              "rmsNorm",
              (attributes, in) -> new Output[] {like(in[0]), perRow(in[0], in[1].dtype())},
              ComposedNorms::rms)
          .inSinglePrecision();

  /** {@code grad, x, weight, rstd -> dx, dweight}. */
  public static final Operator RMS_NORM_BACKWARD =
      Operator.of(
          "rmsNormBackward",
          (attributes, in) -> new Output[] {like(in[1]), new Output(in[2].dtype(), in[2].shape())},
          ComposedNorms::rmsBackward);

  private NormalizationOperators() {}

  private static Output[] gradients(Object attributes, View[] in) {
    Output weight = new Output(in[2].dtype(), in[2].shape());
    return new Output[] {like(in[1]), weight, weight};
  }

  private static Output like(View x) {
    return new Output(x.dtype(), x.shape());
  }

  private static Output like(View x, Object format) {
    return new Output(x.dtype(), x.shape(), (MemoryFormat) format);
  }

  private static Output perRow(View x, DType dtype) {
    return new Output(dtype, Shape.of(x.shape().size(0)));
  }
}
