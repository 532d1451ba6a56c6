package io.fulgur.tensor;

import static io.fulgur.tensor.MemoryFormat.CHANNELS_LAST;
import static io.fulgur.tensor.MemoryFormat.ROW_MAJOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.testing.TensorHygiene;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TensorHygiene.class)
class MemoryFormatTest {
  private static final Shape IMAGES = Shape.of(2, 3, 4, 5);

  private static Tensor numbers(Shape shape) {
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7 % 23 - 11) / 4f;
    }
    return Tensor.of(values, shape.toArray());
  }

  @Test
  void contiguous_channelsLast_putsChannelsNextToEachOtherAndKeepsValues() {
    Tensor x = numbers(IMAGES);

    Tensor last = x.contiguous(CHANNELS_LAST);

    assertThat(last.view().strides()).containsExactly(60, 1, 15, 3);
    assertThat(last.memoryFormat()).isEqualTo(CHANNELS_LAST);
    assertThat(last.toFloatArray()).isEqualTo(x.toFloatArray());
    assertThat(last.contiguous(CHANNELS_LAST)).isSameAs(last);
    assertThat(last.contiguous(ROW_MAJOR).view().isContiguous()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 5})
  void contiguous_ofOtherRanks_movesTheChannels(long rank) {
    Shape shape = rank == 3 ? Shape.of(2, 3, 4) : Shape.of(2, 3, 2, 2, 3);
    Tensor x = numbers(shape);

    assertThat(x.contiguous(CHANNELS_LAST).view().stride(1)).isEqualTo(1);
    assertThat(x.contiguous(CHANNELS_LAST).toFloatArray()).isEqualTo(x.toFloatArray());
  }

  @Test
  void contiguous_ofAMatrix_tellsTheRanksThatHaveChannels() {
    assertThatThrownBy(() -> numbers(Shape.of(2, 3)).contiguous(CHANNELS_LAST))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 to 5 dimensions, but got [2, 3]");
  }

  @Test
  void memoryFormat_ofASingleChannel_isRowMajorAndNeedsNoCopy() {
    Tensor x = numbers(Shape.of(2, 1, 4, 5));

    assertThat(x.memoryFormat()).isEqualTo(ROW_MAJOR);
    assertThat(x.contiguous(CHANNELS_LAST)).isSameAs(x);
  }

  static Stream<UnaryOperator<Tensor>> functions() {
    return Stream.of(
        Tensor::relu,
        Tensor::tanh,
        Tensor::sigmoid,
        Tensor::gelu,
        Tensor::square,
        x -> x.mul(3).add(1),
        x -> x.clamp(-1, 1),
        x -> x.to(DType.F64),
        x -> x.mul(x.exp()));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void elementwise_ofChannelsLast_staysChannelsLastForwardAndBackward(
      UnaryOperator<Tensor> function) {
    Tensor x = numbers(IMAGES).requiresGrad(true);
    Tensor twin = numbers(IMAGES).requiresGrad(true);
    try (StepScope scope = StepScope.open("step")) {
      Tensor expected = function.apply(x);
      Tensor y = function.apply(twin.contiguous(CHANNELS_LAST));

      assertThat(y.memoryFormat()).isEqualTo(CHANNELS_LAST);
      assertThat(y.toDoubleArray()).isEqualTo(expected.toDoubleArray());

      // A row-major gradient meets channels-last values on its way back.
      Tensor weights = numbers(IMAGES).to(y.dtype());
      expected.mul(weights).sum().backward();
      y.contiguous().mul(weights).sum().backward();
    }
    assertThat(twin.grad().toFloatArray()).isEqualTo(x.grad().toFloatArray());
  }

  static Stream<Shape> operands() {
    return Stream.of(
        IMAGES,
        Shape.SCALAR,
        Shape.of(5),
        Shape.of(3, 1, 1),
        Shape.of(1, 3, 1, 1),
        Shape.of(2, 3, 1, 1),
        Shape.of(2, 1, 4, 5),
        Shape.of(1, 3, 4, 5),
        Shape.of(3, 4, 5),
        Shape.of(7, 2, 3, 4, 5));
  }

  @ParameterizedTest
  @MethodSource("operands")
  void elementwise_ofChannelsLastAndAnother_isThatOfRowMajor(Shape shape) {
    for (BinaryOperator<Tensor> function :
        Stream.<BinaryOperator<Tensor>>of(Tensor::add, Tensor::sub, Tensor::mul, Tensor::maximum)
            .toList()) {
      Tensor x = numbers(IMAGES);
      Tensor last = x.contiguous(CHANNELS_LAST);
      Tensor other = numbers(shape);

      Tensor left = function.apply(last, other);
      Tensor right = function.apply(other, last);

      assertThat(left.toFloatArray()).isEqualTo(function.apply(x, other).toFloatArray());
      assertThat(right.toFloatArray()).isEqualTo(function.apply(other, x).toFloatArray());
      assertThat(left.memoryFormat()).isEqualTo(shape.rank() > 4 ? ROW_MAJOR : CHANNELS_LAST);
      assertThat(right.memoryFormat()).isEqualTo(left.memoryFormat());
    }
  }

  @Test
  void broadcast_gradients_areThoseOfRowMajor() {
    Tensor bias = numbers(Shape.of(3, 1, 1)).requiresGrad(true);
    Tensor twin = numbers(Shape.of(3, 1, 1)).requiresGrad(true);

    numbers(IMAGES).mul(bias).sum().backward();
    numbers(IMAGES).contiguous(CHANNELS_LAST).mul(twin).sum().backward();

    assertThat(twin.grad().toFloatArray()).isEqualTo(bias.grad().toFloatArray());
  }

  @Test
  void output_ofAnOperatorThatAsksForChannelsLast_liesSo() {
    Operator copyLast =
        Operator.of(
            "copyLast",
            (attributes, in) ->
                new Operator.Output[] {
                  new Operator.Output(in[0].dtype(), in[0].shape(), CHANNELS_LAST)
                },
            Composition.of((call, in) -> in[0].mul(1)));
    Tensor x = numbers(IMAGES);
    for (int i = 0; i < 3; i++) {
      try (StepScope scope = StepScope.open("step")) {
        Tensor y = Calls.call(copyLast, Operators.NONE, x);

        assertThat(y.memoryFormat()).isEqualTo(CHANNELS_LAST);
        assertThat(y.toFloatArray()).isEqualTo(x.toFloatArray());
      }
    }
    assertThat(Calls.call(copyLast, Operators.NONE, x).memoryFormat()).isEqualTo(CHANNELS_LAST);
  }
}
