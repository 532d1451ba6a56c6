package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares convolutions of sizes that the fast paths are for with the plainest loops. */
@Tag("kernels")
@ExtendWith(TensorHygiene.class)
class ConvolutionTest {
  @ParameterizedTest(name = "{0} images {1}x{2}x{3} -> {4}, kernel {5}, stride {6}, padding {7}")
  @CsvSource({
    // The layers of a LeNet and of a ResNet-20.
    "8, 1, 28, 28, 6, 5, 1, 2, 1, 1",
    "8, 6, 14, 14, 16, 5, 1, 0, 1, 1",
    "4, 3, 32, 32, 16, 3, 1, 1, 1, 1",
    "4, 16, 32, 32, 16, 3, 1, 1, 1, 1",
    "4, 16, 32, 32, 32, 3, 2, 1, 1, 1",
    "4, 16, 32, 32, 32, 1, 2, 0, 1, 1",
    "4, 32, 16, 16, 32, 3, 1, 1, 1, 1",
    "4, 64, 8, 8, 64, 3, 1, 1, 1, 1",
    // A plain product, odd sizes, dilation, groups, depthwise, with several filters a channel.
    "5, 24, 17, 13, 40, 1, 1, 0, 1, 1",
    "3, 7, 19, 23, 5, 4, 3, 2, 1, 1",
    "2, 8, 21, 20, 12, 3, 2, 3, 2, 1",
    "3, 12, 18, 15, 18, 3, 1, 1, 1, 3",
    "4, 32, 19, 21, 32, 3, 1, 1, 1, 32",
    "4, 32, 19, 21, 32, 5, 2, 2, 1, 32",
    "2, 16, 12, 12, 48, 3, 1, 2, 2, 16",
    "1, 2, 90, 70, 3, 7, 1, 3, 1, 1",
  })
  void conv2d_andItsGradients_equalLoops(
      int n, int c, int h, int w, int o, int k, int s, int p, int d, int groups) {
    Tensor x = random(1, n, c, h, w);
    Tensor weight = random(2, o, c / groups, k, k);
    Tensor bias = random(3, o);
    ConvolutionOptions options =
        ConvolutionOptions.defaults().stride(s).padding(p).dilation(d).groups(groups);

    Tensor y = Convolution.conv2d(x, weight, bias, options);
    Tensor grad = random(4, y.shape().toArray()).detach();
    y.backward(grad);

    Loops loops = new Loops(y, n, c, h, w, o, k, s, p, d, groups);
    loops.run(x, weight, bias, grad);
    assertClose("output", y, loops.y, 1e-3);
    assertClose("dx", x.grad(), loops.dx, 1e-3);
    assertClose("dbias", bias.grad(), loops.dbias, 2e-2);
    assertClose("dweight", weight.grad(), loops.dweight, 2e-2);
  }

  private static void assertClose(String what, Tensor actual, double[] expected, double tolerance) {
    double[] got = actual.toDoubleArray();
    assertThat(got).hasSameSizeAs(expected);
    double most = 0;
    for (int i = 0; i < got.length; i++) {
      double error = Math.abs(got[i] - expected[i]);
      // Written so that NaN fails, too.
      most = error <= most ? most : error;
    }
    assertThat(most).as("error of " + what).isLessThan(tolerance);
  }

  private static Tensor random(long seed, long... shape) {
    return Tensor.uniform(new Generator(seed), -1, 1, DType.F32, shape).requiresGrad(true);
  }

  /** The definition of the convolution and, read the other way round, of its gradients. */
  private static final class Loops {
    private final int[] sizes;
    private final int eh;
    private final int ew;
    final double[] y;
    final double[] dx;
    final double[] dweight;
    final double[] dbias;

    Loops(Tensor output, int... sizes) {
      this.sizes = sizes;
      this.eh = (int) output.size(2);
      this.ew = (int) output.size(3);
      this.y = new double[(int) output.elements()];
      this.dx = new double[sizes[0] * sizes[1] * sizes[2] * sizes[3]];
      this.dweight = new double[sizes[4] * sizes[1] / sizes[9] * sizes[5] * sizes[5]];
      this.dbias = new double[sizes[4]];
    }

    void run(Tensor input, Tensor weight, Tensor bias, Tensor gradient) {
      int c = sizes[1];
      int h = sizes[2];
      int w = sizes[3];
      int o = sizes[4];
      int k = sizes[5];
      int s = sizes[6];
      int p = sizes[7];
      int d = sizes[8];
      int groups = sizes[9];
      double[] x = input.toDoubleArray();
      double[] f = weight.toDoubleArray();
      double[] b = bias.toDoubleArray();
      double[] g = gradient.toDoubleArray();
      for (int i = 0; i < y.length; i++) {
        int image = i / (o * eh * ew);
        int channel = i / (eh * ew) % o;
        y[i] = b[channel];
        dbias[channel] += g[i];
        int group = channel / (o / groups);
        for (int t = 0; t < c / groups * k * k; t++) {
          int row = i / ew % eh * s - p + t / k % k * d;
          int column = i % ew * s - p + t % k * d;
          if (row >= 0 && row < h && column >= 0 && column < w) {
            int from = ((image * c + group * (c / groups) + t / (k * k)) * h + row) * w + column;
            int tap = channel * (c / groups * k * k) + t;
            y[i] += x[from] * f[tap];
            dx[from] += g[i] * f[tap];
            dweight[tap] += g[i] * x[from];
          }
        }
      }
    }
  }
}
