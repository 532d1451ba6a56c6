package io.fulgur.onednn;

import static io.fulgur.onednn.Agreement.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOperators;
import io.fulgur.tensor.functional.ConvolutionOptions;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TensorHygiene.class)
class ConvolutionKernelsTest {
  private static final ConvolutionOptions PLAIN = ConvolutionOptions.defaults();

  private record Case(Shape x, Shape weight, boolean bias, ConvolutionOptions options) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(Shape.of(4, 16, 8, 8), Shape.of(16, 16, 3, 3), false, PLAIN.padding(1)),
        new Case(Shape.of(4, 16, 8, 8), Shape.of(32, 16, 3, 3), true, PLAIN.padding(1).stride(2)),
        new Case(Shape.of(4, 16, 8, 8), Shape.of(32, 16, 1, 1), false, PLAIN.stride(2)),
        new Case(Shape.of(3, 1, 28, 28), Shape.of(6, 1, 5, 5), true, PLAIN.padding(2)),
        new Case(Shape.of(3, 6, 14, 14), Shape.of(16, 6, 5, 5), true, PLAIN),
        new Case(Shape.of(2, 3, 9, 7), Shape.of(5, 3, 3, 2), true, PLAIN.stride(2, 1)),
        new Case(Shape.of(2, 8, 9, 9), Shape.of(8, 8, 3, 3), true, PLAIN.dilation(2)),
        new Case(Shape.of(2, 16, 9, 9), Shape.of(32, 4, 3, 3), true, PLAIN.groups(4)),
        new Case(Shape.of(2, 16, 9, 9), Shape.of(16, 1, 3, 3), true, PLAIN.groups(16).padding(1)),
        new Case(Shape.of(1, 1, 1, 1), Shape.of(1, 1, 1, 1), true, PLAIN),
        new Case(Shape.of(2, 5, 1, 1), Shape.of(7, 5, 1, 1), true, PLAIN),
        new Case(Shape.of(2, 3, 11), Shape.of(4, 3, 3), true, PLAIN.padding(1)),
        new Case(Shape.of(2, 3, 5, 6, 4), Shape.of(4, 3, 3, 3, 2), true, PLAIN.padding(1)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void convolution_andItsGradients_agree(Case example) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Agreement.assumeKernelsOf(dtype);
      Tensor[] narrow = compute(example, dtype);
      Tensor[] wide = compute(example, DType.F64);

      for (int i = 0; i < wide.length; i++) {
        Agreement.close(narrow[i], wide[i]);
      }
    }
  }

  /** Returns the output and the gradients of all operands. */
  private static Tensor[] compute(Case example, DType dtype) {
    Tensor x = leaf(dtype, example.x);
    Tensor weight = leaf(dtype, example.weight);
    Tensor bias = example.bias ? leaf(dtype, Shape.of(example.weight.size(0))) : null;
    CallRecorder.start();
    Tensor y =
        switch (example.x.rank()) {
          case 3 -> Convolution.conv1d(x, weight, bias, example.options);
          case 4 -> Convolution.conv2d(x, weight, bias, example.options);
          default -> Convolution.conv3d(x, weight, bias, example.options);
        };
    y.mul(random(DType.BF16, y.shape().toArray()).to(dtype)).sum().backward();
    if (dtype != DType.F64) {
      for (Operator operator :
          List.of(
              ConvolutionOperators.CONVOLUTION,
              ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT,
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT)) {
        assertTaken(CallRecorder.calls(operator, dtype).findFirst().orElseThrow());
      }
    }
    return bias == null
        ? new Tensor[] {y, x.grad(), weight.grad()}
        : new Tensor[] {y, x.grad(), weight.grad(), bias.grad()};
  }

  private static void assertTaken(OpCall call) {
    try (Kernel kernel = new OneDnnKernelProvider().prepare(call)) {
      assertThat(kernel).as(call.toString()).isNotNull();
    }
  }

  /** Makes numbers that all types can hold, so that they can be compared. */
  private static Tensor leaf(DType dtype, Shape shape) {
    return random(DType.BF16, shape.toArray()).to(dtype).requiresGrad(true);
  }

  @Test
  void conv2d_ofRowMajorImages_givesChannelsLastOnes() {
    Agreement.assumeKernelsOf(DType.F32);
    Tensor y =
        Convolution.conv2d(
            random(DType.F32, 2, 3, 8, 8), random(DType.F32, 4, 3, 3, 3), null, PLAIN);

    assertThat(y.memoryFormat()).isEqualTo(MemoryFormat.CHANNELS_LAST);
  }

  @Test
  void conv2d_afterItsWeightHasChanged_usesTheNewOne() {
    Agreement.assumeKernelsOf(DType.F32);
    Tensor x = random(DType.F32, 4, 16, 8, 8);
    Parameter weight = Parameter.of(random(DType.F32, 16, 16, 3, 3));
    float[][] results = new float[4][];
    for (int i = 0; i < results.length; i++) {
      if (i == 2) {
        weight.assign(weight.detach().mul(2).keep());
      }
      try (StepScope scope = StepScope.open("step")) {
        results[i] = Convolution.conv2d(x, weight, null, PLAIN).toFloatArray();
      }
    }

    assertThat(results[1]).isEqualTo(results[0]);
    assertThat(results[3]).isEqualTo(results[2]);
    for (int i = 0; i < results[0].length; i++) {
      assertThat(results[2][i]).isEqualTo(2 * results[0][i]);
    }
  }

  @Test
  void kernels_afterTheirScopesAreCleared_haveGivenTheirMemoryBack() {
    Agreement.assumeKernelsOf(DType.F32);
    StepScope.clearThread();
    long before = PrimitiveKernel.live();
    for (int i = 0; i < 3; i++) {
      try (StepScope scope = StepScope.open("step")) {
        Tensor weight = leaf(DType.F32, Shape.of(16, 16, 3, 3));
        Tensor x = leaf(DType.F32, Shape.of(4, 16, 8, 8));
        Convolution.conv2d(x, weight, null, PLAIN).sum().backward();
      }
      assertThat(PrimitiveKernel.live()).isGreaterThan(before);
    }

    StepScope.clearThread();

    assertThat(PrimitiveKernel.live()).isEqualTo(before);
  }
}
