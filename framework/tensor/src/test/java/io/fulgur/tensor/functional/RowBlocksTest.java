package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Functions of rows, planes and channels, which single precision computes several at a time:
 * numbers of them that do not fill the last block, and ones that are longer than a block, against
 * double precision.
 */
@ExtendWith(TensorHygiene.class)
class RowBlocksTest {
  static Stream<Arguments> functions() {
    PoolingOptions windows = PoolingOptions.kernelSize(3).stride(2).padding(1);
    return Stream.of(
        of("layerNorm", RowBlocksTest::layerNorm, 37, 100),
        of("layerNorm", RowBlocksTest::layerNorm, 5, 1500),
        of("rmsNorm", RowBlocksTest::rmsNorm, 37, 100),
        of("rmsNorm", RowBlocksTest::rmsNorm, 1000, 70),
        of("groupNorm", x -> Normalization.groupNorm(x, 2, null, null, 1e-5), 3, 6, 20, 21),
        of("batchNorm", RowBlocksTest::batchNorm, 9, 5, 300),
        of("batchNorm", RowBlocksTest::batchNorm, 4, 3, 1500),
        of("batchNorm", RowBlocksTest::batchNorm, 40, 1100),
        of("softmax", x -> x.softmax(1), 37, 100),
        of("softmax", x -> x.softmax(1), 3, 2500),
        of("logSoftmax", x -> x.logSoftmax(1), 37, 100),
        of("maxPool2d", x -> Pooling.maxPool2d(x, windows), 2, 3, 9, 8),
        of("maxPool3d", x -> Pooling.maxPool3d(x, windows), 1, 2, 5, 6, 7),
        of("avgPool2d", x -> Pooling.avgPool2d(x, windows), 2, 3, 9, 8),
        of("avgPool2d", x -> Pooling.avgPool2d(x, PoolingOptions.kernelSize(3)), 2, 3, 7, 7),
        of("sum of a long row", x -> x.sum(false, 0), 300_001),
        of("sum of columns", x -> x.sum(false, 0), 700, 300),
        of("sum of wide columns", x -> x.sum(false, 0), 70, 2500),
        of("sum of short rows", x -> x.sum(false, 1), 3000, 7),
        of("sum in the middle", x -> x.sum(false, 1), 5, 600, 30),
        of("sum around channels", x -> x.sum(false, 0, 2), 50, 7, 333),
        of("sum around wide channels", x -> x.sum(true, 0, 2, 3), 3, 2, 40, 50),
        of("mean around channels", x -> x.mean(false, 0, 2), 50, 7, 333),
        of("product with channels", x -> x.mul(x.slice(0, 0, 1).mean(true, 2)), 4, 30, 50));
  }

  private static Arguments of(String name, UnaryOperator<Tensor> function, long... sizes) {
    return Arguments.of(name, function, sizes);
  }

  private static Tensor layerNorm(Tensor x) {
    Tensor weight = weight(x);
    return Normalization.layerNorm(x, weight, weight, Shape.of(x.size(1)), 1e-5);
  }

  private static Tensor rmsNorm(Tensor x) {
    return Normalization.rmsNorm(x, weight(x), Shape.of(x.size(1)), 1e-5);
  }

  private static Tensor batchNorm(Tensor x) {
    Tensor weight = weight(x);
    return Normalization.batchNorm(x, weight, weight, null, 0, 1e-5);
  }

  private static Tensor weight(Tensor x) {
    return Tensor.normal(new Generator(3), 1, 1, DType.F64, x.size(1)).to(x.dtype());
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("functions")
  void function_inBlocks_equalsDouble(String name, UnaryOperator<Tensor> function, long[] sizes) {
    Tensor values = Tensor.normal(new Generator(1), 0.5, 1, DType.F32, sizes);
    Tensor single = values.detach().requiresGrad(true);
    Tensor twice = values.to(DType.F64).requiresGrad(true);

    Tensor actual = function.apply(single);
    Tensor expected = function.apply(twice);
    Tensor grad = Tensor.normal(new Generator(2), 0, 1, DType.F32, expected.shape().toArray());
    actual.backward(grad);
    expected.backward(grad.to(DType.F64));

    close(actual, expected, name);
    close(single.grad(), twice.grad(), "gradient of " + name);
  }

  private static void close(Tensor actual, Tensor expected, String name) {
    double[] a = actual.toDoubleArray();
    double[] e = expected.toDoubleArray();
    double scale = Arrays.stream(e).map(Math::abs).max().orElse(0);
    assertThat(a).hasSameSizeAs(e);
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs(a[i] - e[i])).as("element %d of %s", i, name).isLessThan(1e-5 * scale);
    }
  }

  @Test
  void extremes_areThoseOfAllElements() {
    for (int width : new int[] {1, 63, 64, 65, 1024, 1025, 5000}) {
      Tensor x = Tensor.normal(new Generator(width), -5, 1, DType.F32, 3, width);
      double[] values = x.slice(0, 1, 2).contiguous().toDoubleArray();
      double max = Arrays.stream(values).max().orElseThrow();
      double min = Arrays.stream(values).min().orElseThrow();

      assertThat(x.max(false, 1).toDoubleArray()[1]).isEqualTo(max);
      assertThat(x.min(false, 1).toDoubleArray()[1]).isEqualTo(min);
      assertThat(values[(int) x.argmax(1).toLongArray()[1]]).isEqualTo(max);
      assertThat(values[(int) x.argmin(1).toLongArray()[1]]).isEqualTo(min);
    }
  }

  @Test
  void extremes_ofEqualNumbers_areTheFirst() {
    Tensor x = Tensor.of(new float[] {-1, 0, 2, -0f, 2, -1}, 1, 6);

    assertThat(x.argmax(1).toLongArray()).containsExactly(2);
    assertThat(x.argmin(1).toLongArray()).containsExactly(0);
    assertThat(Tensor.of(new float[] {-0f, 0}, 1, 2).argmax(1).toLongArray()).containsExactly(0);
  }

  @Test
  void extremes_withNaN_areNaN() {
    float negativeNaN = Float.intBitsToFloat(0xFFC00000);
    for (float nan : new float[] {Float.NaN, negativeNaN}) {
      float[] values = new float[300];
      values[7] = nan;
      values[200] = nan;
      for (long[] shape : new long[][] {{1, 300}, {10, 30}}) {
        Tensor x = Tensor.of(values, shape);
        assertThat(x.max().item()).isNaN();
        assertThat(x.min().item()).isNaN();
        assertThat(x.max(false, 0).toDoubleArray()[7]).isNaN();
        assertThat(x.argmax(1).toLongArray()[0]).isEqualTo(7);
        assertThat(x.argmin(1).toLongArray()[0]).isEqualTo(7);
      }
    }
  }

  /** So many windows that they are looked at together. */
  private static final int REPEATED = 20;

  private static Tensor repeated(float... values) {
    return Tensor.of(values, 1, 1, values.length)
        .expand(1, REPEATED, values.length)
        .reshape(1, 1, (long) REPEATED * values.length);
  }

  @Test
  void maxPool_withNaNAndInfinities_takesTheLargest() {
    float negativeNaN = Float.intBitsToFloat(0xFFC00000);
    float low = Float.NEGATIVE_INFINITY;
    float high = Float.POSITIVE_INFINITY;
    Tensor x = repeated(low, low, 1, negativeNaN, Float.NaN, low, high, 3, 0.5f, -1, -3, -2);
    double[] y = Pooling.maxPool1d(x, PoolingOptions.kernelSize(2)).toDoubleArray();

    for (int i = 0; i < REPEATED; i++) {
      assertThat(Arrays.copyOfRange(y, 6 * i, 6 * i + 6))
          .containsExactly(low, Double.NaN, Double.NaN, high, 0.5, -2);
    }
  }

  @Test
  void maxPoolBackward_ofEqualMaxima_goesToTheFirst() {
    Tensor x = repeated(0, -0f, -0f, 0, 5, 5).detach().requiresGrad(true);
    Pooling.maxPool1d(x, PoolingOptions.kernelSize(2)).sum().backward();

    for (int i = 0; i < REPEATED; i++) {
      assertThat(Arrays.copyOfRange(x.grad().toDoubleArray(), 6 * i, 6 * i + 6))
          .containsExactly(1, 0, 1, 0, 1, 0);
    }
  }

  @Test
  void reluBackward_isNothingWhereReluIsZero() {
    Tensor x =
        Tensor.of(new float[] {-1, -0f, 0, Float.MIN_VALUE, 2, Float.POSITIVE_INFINITY}, 6)
            .requiresGrad(true);
    float[] grad = {Float.NaN, Float.POSITIVE_INFINITY, 1, 2, Float.NaN, 3};
    x.relu().backward(Tensor.of(grad, 6));

    assertThat(x.grad().toDoubleArray()).containsExactly(0, 0, 0, 2, Double.NaN, 3);
  }

  @Test
  void hardtanhBackward_ofNaN_isZeroWhateverItsSign() {
    float negativeNaN = Float.intBitsToFloat(0xFFC00000);
    Tensor x =
        Tensor.of(new float[] {Float.NaN, negativeNaN, -1, 1, -0f, 0.5f, 2}, 7).requiresGrad(true);
    Activations.hardtanh(x, -1, 1).sum().backward();

    assertThat(x.grad().toDoubleArray()).containsExactly(0, 0, 0, 0, 1, 1, 0);
  }

  @Test
  void softplus_ofInfinities_isTheirLimit() {
    float high = Float.POSITIVE_INFINITY;
    for (double beta : new double[] {0.5, 1, 2}) {
      Tensor x = Tensor.of(new float[] {high, -high, Float.MAX_VALUE, Float.NaN}, 4);

      assertThat(Activations.softplus(x, beta, 20).toDoubleArray())
          .containsExactly(high, 0, Float.MAX_VALUE, Double.NaN);
    }
  }

  @Test
  void maxPool_ofWindowsThatSeeOnlyPadding_isNegativeInfinity() {
    PoolingOptions ends = PoolingOptions.kernelSize(2).stride(1).dilation(40).padding(1);
    Tensor one = Pooling.maxPool1d(Tensor.ones(1, 1, 39), ends);
    Tensor many = Pooling.maxPool2d(Tensor.ones(1, 1, 39, 59), ends);

    assertThat(one.toDoubleArray()).containsExactly(Double.NEGATIVE_INFINITY);
    assertThat(many.toDoubleArray()).hasSize(21).containsOnly(Double.NEGATIVE_INFINITY);
  }
}
