package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A region of code in which operators choose the type that they compute in, as {@code
 * torch.autocast}: parameters stay {@link DType#F32}, products run in 16 bits, and what needs the
 * digits runs in {@link DType#F32}.
 *
 * <pre>{@code
 * Tensor loss;
 * try (Autocast ignored = Autocast.to(DType.BF16)) {
 *   loss = Losses.crossEntropy(model.forward(images), labels);
 * }
 * loss.backward();
 * }</pre>
 *
 * <p>What an operator does with its inputs is its {@link AutocastPolicy}:
 *
 * <ul>
 *   <li>{@link AutocastPolicy#LOWER_PRECISION}: {@code matmul}, {@code linear}, {@code bmm}, {@code
 *       baddbmm}, {@code einsum}, convolutions and transposed convolutions, scaled dot-product
 *       attention, recurrent layers, and {@code prelu};
 *   <li>{@link AutocastPolicy#SINGLE_PRECISION}: {@code exp}, {@code exp2}, {@code expm1}, {@code
 *       log}, {@code log2}, {@code log10}, {@code log1p}, {@code pow}, {@code rsqrt}, {@code
 *       reciprocal}, {@code acos}, {@code asin}, {@code cosh}, {@code sinh}, {@code tan}, {@code
 *       erfinv}, {@code sum}, {@code mean}, {@code prod}, {@code cumsum}, {@code cumprod}, variance
 *       and quantiles, norms, distances and {@code cosineSimilarity}, {@code softmax}, {@code
 *       softmin}, {@code logSoftmax}, {@code logSumExp}, {@code softplus}, {@code layerNorm},
 *       {@code groupNorm}, {@code instanceNorm}, {@code rmsNorm}, what solves and decomposes
 *       matrices, and all losses;
 *   <li>{@link AutocastPolicy#AS_GIVEN}: everything else. {@code add}, {@code sub}, {@code mul},
 *       {@code div}, remainders, {@code atan2}, {@code maximum}, {@code minimum}, comparisons,
 *       {@code where}, {@code concat}, {@code stack}, {@code indexAdd}, {@code indexCopy}, {@code
 *       indexPut} and scatters take inputs of several types, and compute in the widest.
 * </ul>
 *
 * <p>These are PyTorch's lists, those of its CPU backend where it has one and those of CUDA for
 * {@code softmax} and what else CPU leaves out: a 16-bit softmax feeds a loss that is then wrong in
 * the third digit. Pooling, padding and resampling, which are on the list of its CPU backend for
 * want of 16-bit kernels, have such kernels here and compute as given. {@code mean} is in none of
 * theirs; here it is, because many a loss ends in one, and losses are scaled. Outside of a region
 * types are never mixed.
 *
 * <p>A parameter is converted once for each change of its value, however often and in however many
 * steps it is used; its gradient arrives in {@link DType#F32}. The backward pass runs in the types
 * of the forward pass, whether it is called inside of the region or after it.
 *
 * <p>Regions nest, belong to the thread that opened them, and are closed innermost first.
 *
 * @since 0.1
 */
public final class Autocast implements AutoCloseable {
  private final ExecutionContext context;
  private final @Nullable DType before;

  private Autocast(@Nullable DType dtype) {
    context = ExecutionContext.current();
    before = context.autocast;
    context.autocast = dtype;
  }

  /**
   * Opens a region.
   *
   * @param dtype {@link DType#BF16} or {@link DType#F16}
   * @throws DTypeException if it is another type
   */
  public static Autocast to(DType dtype) {
    if (!dtype.isSixteenBit()) {
      throw DTypeException.unsupported("Autocast", dtype, "BF16 or F16");
    }
    return new Autocast(dtype);
  }

  /** Opens a region, within another, in which types are not chosen. */
  public static Autocast off() {
    return new Autocast(null);
  }

  /** Returns the 16-bit type of the region that this thread is in, or null outside of one. */
  public static @Nullable DType dtype() {
    return ExecutionContext.current().autocast;
  }

  /**
   * Ends the region.
   *
   * @throws IllegalStateException if another thread opened it
   */
  @Override
  public void close() {
    if (ExecutionContext.current() != context) {
      throw new IllegalStateException(
          "An autocast region must be closed by the thread that opened it");
    }
    context.autocast = before;
  }

  /**
   * Returns an input as an operator takes it here; for those who write operators. To be called
   * before types are checked. Outside of a region it is the input itself.
   */
  public static Tensor input(Operator operator, Tensor x) {
    DType lower = ExecutionContext.current().autocast;
    return lower == null ? x : convert(operator.autocastPolicy(), lower, x);
  }

  /** As {@link #input(Operator, Tensor)} for an input that there may be none of. */
  public static @Nullable Tensor optionalInput(Operator operator, @Nullable Tensor x) {
    return x == null ? null : input(operator, x);
  }

  /**
   * Returns an input as a function takes it that is no operator of its own and needs single
   * precision, such as a loss: as of {@link AutocastPolicy#SINGLE_PRECISION}.
   */
  public static Tensor singlePrecision(Tensor x) {
    DType lower = ExecutionContext.current().autocast;
    return lower == null ? x : convert(AutocastPolicy.SINGLE_PRECISION, lower, x);
  }

  /**
   * Returns an input as a function takes it that is no operator of its own and computes in 16 bits:
   * as of {@link AutocastPolicy#LOWER_PRECISION}.
   */
  public static Tensor lowerPrecision(Tensor x) {
    DType lower = ExecutionContext.current().autocast;
    return lower == null ? x : convert(AutocastPolicy.LOWER_PRECISION, lower, x);
  }

  private static Tensor convert(AutocastPolicy policy, DType lower, Tensor x) {
    DType dtype = x.dtype();
    return switch (policy) {
      case LOWER_PRECISION -> {
        if (dtype == lower || (dtype != DType.F32 && !dtype.isSixteenBit())) {
          yield x;
        }
        yield x instanceof Parameter parameter && x.isContiguous()
            ? parameter.lowered(lower)
            : x.to(lower);
      }
      case SINGLE_PRECISION -> dtype.isSixteenBit() ? x.to(DType.F32) : x;
      case AS_GIVEN -> x;
    };
  }

  /**
   * Returns an input of a function of several tensors in the widest of their types: {@link
   * DType#F64}, {@link DType#F32}, and a 16-bit type if all are of it. Outside of a region, and
   * beside whole numbers, it is the input itself.
   */
  public static Tensor widest(Tensor x, Tensor... others) {
    DType widest = x.dtype();
    for (Tensor other : others) {
      widest = wider(widest, other.dtype());
    }
    return widest == x.dtype() || ExecutionContext.current().autocast == null ? x : x.to(widest);
  }

  private static DType wider(DType a, DType b) {
    if (a == b || !a.isFloating() || !b.isFloating()) {
      return a;
    }
    return a == DType.F64 || b == DType.F64 ? DType.F64 : DType.F32;
  }
}
