package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.functional.CrossEntropy;
import io.fulgur.tensor.functional.Normalization;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user is told who uses tensors wrongly. */
@ExtendWith(TensorHygiene.class)
class TensorErrorsTest {
  private static final Tensor X = Tensor.ones(2, 3);
  private static final Tensor LONGS = Tensor.arange(3);
  private static final Tensor YES = Tensor.of(new boolean[] {true, false}, 2);

  static Stream<Arguments> wrongShapes() {
    return Stream.of(
        of(() -> X.add(Tensor.ones(2)), "add of [2, 3] and [2]: sizes 3 and 2 at dimension 1"),
        of(() -> X.mul(Tensor.ones(4, 3)), "mul of [2, 3] and [4, 3]: sizes 2 and 4"),
        of(() -> X.lt(Tensor.ones(4)), "lt of [2, 3] and [4]"),
        of(() -> X.matmul(X), "matmul of [2, 3] and [2, 3]: the last size of the left (3)"),
        of(() -> X.matmul(Tensor.scalar(1)), "matmul of [2, 3] and []: operands must not be"),
        of(
            () -> Tensor.ones(2, 2, 3).matmul(Tensor.ones(4, 3, 2)),
            "matmul of [2] and [4]: sizes 2 and 4"),
        of(() -> X.linear(Tensor.ones(4, 2), null), "linear of [2, 3] and [4, 2]"),
        of(
            () -> X.linear(Tensor.ones(4, 3), Tensor.ones(3)),
            "linear of [2, 3] and [4, 3] and [3]: the bias must be [outFeatures] = [4]"),
        of(() -> X.reshape(4), "reshape of [2, 3] (6 elements) to [4]: the number of elements"),
        of(() -> X.reshape(-1, 4), "reshape of [2, 3] (6 elements) to [-1, 4]"),
        of(() -> X.reshape(-1, -1), "a single -1, which is inferred"),
        of(() -> X.reshape(-2, -3), "reshape of [2, 3] to [-2, -3]: sizes are not negative"),
        of(() -> Tensor.ones(0, 3).reshape(0, -1), "reshape of [0, 3] (0 elements) to [0, -1]"),
        of(() -> X.sum(false, 2), "Dimension 2 does not exist in shape [2, 3] of rank 2"),
        of(() -> X.sum(false, -3), "Dimension -3 does not exist in shape [2, 3] of rank 2"),
        of(() -> X.sum(false, 0, -2), "Dimension -2 is named twice in a reduction of shape [2, 3]"),
        of(() -> X.softmax(2), "Dimension 2 does not exist"),
        of(() -> X.size(5), "Dimension 5 does not exist"),
        of(() -> Tensor.ones(0, 3).max(), "of [0, 3]: dimension 0 is empty"),
        of(() -> Tensor.ones(2, 0).argmax(1), "of [2, 0]: dimension 1 is empty"),
        of(() -> X.transpose(0, 2), "Dimension 2 does not exist"),
        of(() -> X.permute(0), "permute of [2, 3] needs 2 dimensions, but got [0]"),
        of(() -> X.permute(0, 0), "permute of [2, 3] names a dimension twice: [0, 0]"),
        of(() -> X.squeeze(0), "squeeze of [2, 3]: dimension 0 has size 2, not 1"),
        of(() -> X.unsqueeze(4), "unsqueeze of [2, 3] at 4: allowed is 0 to 2"),
        of(() -> X.expand(4, 3), "expand of [2, 3] and [4, 3]: sizes 2 and 4"),
        of(() -> X.expand(3), "expand of [2, 3] and [3]: only dimensions of size 1"),
        of(() -> X.slice(1, 2, 5), "slice [2, 5) with step 1 of dimension 1 of [2, 3]"),
        of(() -> X.slice(1, 2, 1), "slice [2, 1)"),
        of(() -> X.slice(1, 0, 3, 0), "slice [0, 3) with step 0"),
        of(() -> X.select(0, 2), "select of index 2 of dimension 0 of [2, 3]: allowed is -2 to 1"),
        of(() -> X.flatten(1, 0), "flatten of [2, 3] from dimension 1 to the earlier 0"),
        of(() -> Tensor.concat(0, X, Tensor.ones(2, 4)), "concat of [2, 3] and [2, 4]"),
        of(() -> Tensor.concat(0), "concat needs at least one tensor"),
        of(() -> Tensor.stack(0, X, Tensor.ones(3)), "stack of [2, 3] and [3]: all shapes must"),
        of(() -> Tensor.stack(0), "needs at least one tensor"),
        of(() -> Tensor.where(YES, X, X), "where of [2] and [2, 3]"),
        of(() -> X.gather(1, LONGS), "gather of [2, 3] and [3]: the index must have as many"),
        of(
            () -> X.gather(1, Tensor.arange(3).reshape(3, 1)),
            "gather of [2, 3] and [3, 1]: the index must not be larger at dimension 0"),
        of(() -> X.indexSelect(1, LONGS.unsqueeze(0)), "indexSelect of [2, 3] and [1, 3]"),
        of(() -> CrossEntropy.mean(X, LONGS), "crossEntropy of [2, 3] and [3]: needs"),
        of(() -> Functional.mse(X, LONGS), "mse of [2, 3] and [3]: input and target"),
        of(
            () -> Normalization.layerNorm(X, null, null, Shape.of(2), 1e-5),
            "layerNorm of [2, 3]: the last dimensions of the input must be [2]"),
        of(
            () -> Normalization.layerNorm(X, Tensor.ones(2), null, Shape.of(3), 1e-5),
            "layerNorm of [2, 3] and [2]: the weight must be [3]"),
        of(() -> X.assign(Tensor.ones(3)), "assign of [2, 3] and [3]: the shapes must be equal"),
        of(() -> X.clamp(1, 0), "clamp needs low <= high, but got low 1.0 and high 0.0"),
        of(() -> Tensor.of(new float[5], 2, 3), "Shape [2, 3] has 6 elements, but 5 were given"),
        of(() -> Tensor.zeros(-1, 2), "A shape has no negative sizes, but got [-1, 2]"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrongShapes")
  void wrongShape_namesOperatorShapesAndLine(ThrowingCallable code, String message) {
    ShapeException thrown = catchThrowableOfType(ShapeException.class, code);

    assertThat(thrown).isNotNull().hasMessageContaining(message);
    assertThat(thrown.id()).isEqualTo(ErrorId.SHAPE_MISMATCH);
    assertThat(thrown).hasMessageContaining("TensorErrorsTest.java:");
  }

  static Stream<Arguments> wrongTypes() {
    return Stream.of(
        of(() -> X.add(LONGS), "add of F32 and I64: operands must have one type"),
        of(() -> X.eq(X.to(DType.F64)), "eq of F32 and F64"),
        of(() -> X.matmul(Tensor.ones(DType.F64, 3, 2)), "matmul of F32 and F64"),
        of(() -> LONGS.matmul(LONGS), "matmul of I64: allowed is a floating-point tensor"),
        of(() -> X.linear(Tensor.ones(DType.F64, 4, 3), null), "linear of F32 and F64"),
        of(() -> X.linear(Tensor.ones(4, 3), Tensor.ones(DType.F64, 4)), "linear of F32 and F64"),
        of(() -> YES.add(YES), "add of BOOL: allowed is a number type"),
        of(() -> YES.add(1), "Arithmetic of BOOL"),
        of(() -> YES.sum(), "sum of BOOL"),
        of(() -> YES.max(), "max of BOOL"),
        of(() -> YES.clamp(0, 1), "clamp of BOOL"),
        of(() -> LONGS.add(0.5), "Arithmetic with the fraction 0.5 of I64"),
        of(() -> LONGS.clamp(0.5, 1), "clamp to fractions of I64"),
        of(() -> LONGS.exp(), "exp of I64: allowed is a floating-point tensor"),
        of(() -> LONGS.softmax(0), "softmax of I64: allowed is a floating-point tensor"),
        of(() -> LONGS.mean(), "mean of I64: allowed is a floating-point tensor"),
        of(() -> X.logicalAnd(X), "logicalAnd of F32: allowed is BOOL"),
        of(() -> X.logicalNot(), "logicalNot of F32: allowed is BOOL"),
        of(() -> X.any(), "any of F32: allowed is BOOL; compare first"),
        of(() -> Tensor.where(X, X, X), "where by a condition of F32: allowed is BOOL"),
        of(() -> Tensor.where(X.gt(0), X, X.to(DType.F64)), "where of F32 and F64"),
        of(() -> X.gather(1, X), "The index of gather of F32: allowed is I64"),
        of(
            () -> X.indexSelect(1, LONGS.to(DType.I32)),
            "The index of indexSelect of I32: allowed is I64; convert with to(DType.I64)"),
        of(
            () -> CrossEntropy.mean(X, Tensor.of(new int[] {0, 1}, 2)),
            "crossEntropy with labels of I32: allowed is I64"),
        of(
            () -> Normalization.layerNorm(X, Tensor.ones(DType.F64, 3), null, Shape.of(3), 1e-5),
            "layerNorm of F32 and F64"),
        of(() -> Tensor.concat(0, X, X.to(DType.F64)), "concat of F32 and F64"),
        of(() -> X.assign(X.to(DType.F64)), "assign of F32 and F64"),
        of(
            () -> Tensor.uniform(new Generator(1), 0, 1, DType.I64, 3),
            "Tensor.uniform of I64: allowed is a floating-point type"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrongTypes")
  void wrongType_namesOperatorTypesAndLine(ThrowingCallable code, String message) {
    DTypeException thrown = catchThrowableOfType(DTypeException.class, code);

    assertThat(thrown).isNotNull().hasMessageContaining(message);
    assertThat(thrown.id()).isEqualTo(ErrorId.DTYPE_MISMATCH);
    assertThat(thrown).hasMessageContaining("TensorErrorsTest.java:");
  }

  private static Arguments of(ThrowingCallable code, String message) {
    return Arguments.of(code, message);
  }

  private static Tensor labels(long... labels) {
    return Tensor.of(labels, labels.length);
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        of(() -> X.gather(1, Tensor.full(3, DType.I64, 2, 1)), "gather: index 3 is out of range"),
        of(() -> X.gather(1, Tensor.full(-1, DType.I64, 2, 1)), "gather: index -1"),
        of(() -> X.indexSelect(0, labels(0, 2)), "indexSelect: index 2 is out of range for a"),
        of(
            () -> CrossEntropy.mean(X, labels(0, 3)),
            "crossEntropy: label 3 at index 1 of the batch is out of range; with 3 classes"),
        of(() -> CrossEntropy.mean(X, labels(-1, 0)), "crossEntropy: label -1 at index 0"),
        of(
            () -> CrossEntropy.mean(X.to(DType.F64), labels(0, 3)),
            "crossEntropy: label 3 at index 1 of the batch is out of range; with 3 classes"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("outOfRange")
  void indexOutOfRange_namesIndexAndRange(ThrowingCallable code, String message) {
    FulgurException thrown = catchThrowableOfType(FulgurException.class, code);

    assertThat(thrown).isNotNull().hasMessageContaining(message);
    assertThat(thrown.id()).isEqualTo(ErrorId.INDEX_OUT_OF_RANGE);
  }

  @Test
  void indexOutOfRange_inAScope_leavesTheScopeUsable() {
    try (StepScope scope = StepScope.open("bad label")) {
      assertThatThrownBy(() -> CrossEntropy.mean(X, labels(0, 7)))
          .isInstanceOf(FulgurException.class);
      assertThat(CrossEntropy.mean(X, labels(0, 2)).item())
          .isCloseTo(Math.log(3), org.assertj.core.api.Assertions.within(1e-6));
    }
  }

  @Test
  void integerDivisionByZero_isAnErrorAndNotTheEndOfTheProcess() {
    assertThatThrownBy(() -> LONGS.div(Tensor.of(new long[] {1, 0, 1}, 3)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("div: the integer 1 was divided by 0");
    assertThat(
            Tensor.of(new long[] {Long.MIN_VALUE, -7}, 2)
                .div(Tensor.of(new long[] {-1, 2}, 2))
                .toLongArray())
        .containsExactly(Long.MIN_VALUE, -3);
  }

  @Test
  void item_ofMany_saysToReduce() {
    assertThatThrownBy(() -> X.item())
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("one element, but this one has shape [2, 3]. Reduce it first");
  }

  @Test
  void dropout_ofImpossibleProbability_saysTheRange() {
    for (double p : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> Functional.dropout(X, p, new Generator(1)))
          .isInstanceOf(FulgurException.class)
          .hasMessageContaining("must be in [0, 1], but is " + p);
    }
  }

  @Test
  void messages_whole_areGolden() {
    assertThat(firstLines(() -> X.add(Tensor.ones(2))))
        .isEqualTo(
            "[ShapeMismatch] add of [2, 3] and [2]: sizes 3 and 2 at dimension 1 do not broadcast;"
                + " they must be equal or one of them 1.");
    assertThat(firstLines(() -> X.add(LONGS)))
        .isEqualTo(
            "[DTypeMismatch] add of F32 and I64: operands must have one type; convert one with"
                + " to(DType.F32).");
    assertThat(firstLines(() -> CrossEntropy.mean(X, labels(0, 3))))
        .isEqualTo(
            "[IndexOutOfRange] crossEntropy: label 3 at index 1 of the batch is out of range; with"
                + " 3 classes, labels are 0 to 2.");
    assertThat(firstLines(() -> X.indexSelect(0, labels(5))))
        .isEqualTo(
            "[IndexOutOfRange] indexSelect: index 5 is out of range for a dimension of size 2;"
                + " allowed is 0 to 1.");
  }

  /** Returns a message without the place in user code, which follows on a line of its own. */
  private static String firstLines(ThrowingCallable code) {
    String message = catchThrowableOfType(FulgurException.class, code).getMessage();
    int place = message.lastIndexOf("\n   at ");
    assertThat(place).as(message).isPositive();
    assertThat(message.substring(place)).contains("TensorErrorsTest.java:");
    return message.substring(0, place);
  }

  @Test
  void backward_ofMany_saysToReduce() {
    Tensor w = Tensor.ones(3).requiresGrad(true);

    assertNotDifferentiable(
        () -> w.mul(2).backward(), "backward() starts at a scalar, but this tensor has shape [3]");
  }

  @Test
  void backward_ofNothing_namesWhatMadeIt() {
    assertNotDifferentiable(
        () -> X.square().sum().backward(), "backward() was called on the result of sum");
  }

  @Test
  void backward_twice_saysToRetain() {
    Tensor loss = Tensor.ones(3).requiresGrad(true).square().sum();
    loss.backward();

    FulgurException thrown = catchThrowableOfType(FulgurException.class, loss::backward);

    assertThat(thrown.id()).isEqualTo(ErrorId.GRAPH_ALREADY_USED);
    assertThat(thrown).hasMessageContaining("retainGraph= */ true");
  }

  @Test
  void backward_afterAWriteToWhatItNeeds_isRefused() {
    Tensor w = Tensor.ones(3).requiresGrad(true);
    Tensor factor = Tensor.ones(3);
    Tensor loss = w.mul(factor).sum();
    factor.fill(2);

    FulgurException thrown = catchThrowableOfType(FulgurException.class, loss::backward);

    assertThat(thrown.id()).isEqualTo(ErrorId.MODIFIED_IN_PLACE);
    assertThat(thrown).hasMessageContaining("backward pass of mul needs");
  }

  @Test
  void requiresGrad_ofIntegersAndResults_isRefused() {
    Tensor result = Tensor.ones(3).requiresGrad(true).square();

    assertNotDifferentiable(() -> Tensor.arange(3).requiresGrad(true), "not I64");
    assertNotDifferentiable(() -> result.requiresGrad(false), "can only be set on leaves");
    assertNotDifferentiable(() -> X.registerHook(g -> g), "hook needs a tensor that requires");
  }

  private static void assertNotDifferentiable(ThrowingCallable code, String message) {
    FulgurException thrown = catchThrowableOfType(FulgurException.class, code);
    assertThat(thrown).isNotNull().hasMessageContaining(message);
    assertThat(thrown.id()).isEqualTo(ErrorId.NOT_DIFFERENTIABLE);
  }
}
