package io.fulgur.tensor.functional;

import io.fulgur.tensor.Composition;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;

/**
 * The operators that convolutions are made of, all composite. {@code d...} are the spatial sizes of
 * the convolution's input, {@code e...} those of its output, {@code k...} those of a window.
 *
 * @since 0.1
 */
public final class ConvolutionOperators {
  /**
   * {@code x[n, c, d...], weight[o, c / groups, k...], (bias[o]) -> y[n, o, e...]}. The attribute
   * is {@link ConvolutionAttributes}.
   */
  public static final Operator CONVOLUTION =
      Operator.of(
              "convolution",
              (attributes, in) -> {
                ConvolutionAttributes a = (ConvolutionAttributes) attributes;
                Shape y = a.window().outputShape(in[0].shape().size(0), in[1].shape().size(0));
                return new Output[] {new Output(in[0].dtype(), y, a.format())};
              },
              Composition.of(ComposedConvolution::forward))
          .inLowerPrecision();

  /**
   * {@code grad[n, o, e...], weight[o, c / groups, k...] -> dx[n, c, d...]}: the gradient of the
   * input, and a transposed convolution of {@code grad}. The attribute is {@link
   * ConvolutionAttributes}.
   */
  public static final Operator CONVOLUTION_BACKWARD_INPUT =
      Operator.of(
          "convolutionBackwardInput",
          (attributes, in) -> {
            ConvolutionAttributes a = (ConvolutionAttributes) attributes;
            long channels = in[1].shape().size(1) * a.groups();
            Shape dx = a.window().inputShape(in[0].shape().size(0), channels);
            return new Output[] {new Output(in[0].dtype(), dx, a.format())};
          },
          Composition.of(ComposedConvolution::backwardInput));

  /**
   * {@code grad[n, o, e...], x[n, c, d...] -> dweight[o, c / groups, k...], (dbias[o])}. The
   * attribute is {@link ConvolutionAttributes}.
   */
  public static final Operator CONVOLUTION_BACKWARD_WEIGHT =
      Operator.of(
          "convolutionBackwardWeight",
          (attributes, in) -> {
            ConvolutionAttributes a = (ConvolutionAttributes) attributes;
            long out = in[0].shape().size(1);
            Output weight =
                new Output(
                    in[0].dtype(), a.window().kernelShape(out, in[1].shape().size(1) / a.groups()));
            return a.bias()
                ? new Output[] {weight, new Output(in[0].dtype(), Shape.of(out))}
                : new Output[] {weight};
          },
          ComposedConvolution::backwardWeight);

  /**
   * {@code x[n, c, d...] -> columns[n, c * prod(k), prod(e)]}: what each window sees, zeros in the
   * padding. The attribute is a regular {@link WindowGeometry}.
   */
  public static final Operator UNFOLD =
      Operator.of(
          "unfold",
          (attributes, in) -> {
            WindowGeometry window = (WindowGeometry) attributes;
            Shape x = in[0].shape();
            return one(
                in[0].dtype(),
                Shape.of(x.size(0), x.size(1) * window.kernelElements(), window.outputElements()));
          },
          Composition.of(ComposedConvolution::unfold));

  /**
   * {@code columns[n, c * prod(k), prod(e)] -> x[n, c, d...]}: adds up what the windows hold where
   * they overlap; the gradient of {@link #UNFOLD}, with the same attribute.
   */
  public static final Operator FOLD =
      Operator.of(
          "fold",
          (attributes, in) -> {
            WindowGeometry window = (WindowGeometry) attributes;
            Shape columns = in[0].shape();
            return one(
                in[0].dtype(),
                window.inputShape(columns.size(0), columns.size(1) / window.kernelElements()));
          },
          Composition.of(ComposedConvolution::fold));

  private ConvolutionOperators() {}

  private static Output[] one(DType dtype, Shape shape) {
    return new Output[] {new Output(dtype, shape)};
  }
}
