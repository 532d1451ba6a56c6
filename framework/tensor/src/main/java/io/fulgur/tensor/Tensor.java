package io.fulgur.tensor;

import io.fulgur.error.FulgurException;
import org.jspecify.annotations.Nullable;

/**
 * A multi-dimensional array that remembers how it was computed, so that gradients can flow back.
 *
 * <p>Operators follow NumPy's rules of broadcasting and PyTorch's semantics where those are not
 * contradicted here. Types are never mixed silently: both operands of an operator have one {@link
 * DType}. Shape operators ({@link #reshape}, {@link #transpose}, {@link #slice}, ...) return views
 * of the same memory where they can.
 *
 * <p>A tensor made inside a {@link StepScope} dies with it; {@link #keep()} copies it out. Outside
 * of scopes, memory is freed by the garbage collector.
 *
 * <p>Not thread-safe; a tensor may be handed to another thread but not used by two at once.
 *
 * @since 0.1
 */
public sealed class Tensor extends TensorBase permits Parameter, Buffer {
  /** Makes a tensor on a view, which the caller holds for it. */
  Tensor(View view, String origin) {
    super(view, origin);
  }

  // ---------------------------------------------------------------- making tensors

  /** Returns a tensor with these values in row-major order. */
  public static Tensor of(float[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a tensor with these values in row-major order. */
  public static Tensor of(double[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a tensor of {@link DType#I64} with these values in row-major order. */
  public static Tensor of(long[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a tensor of {@link DType#I32} with these values in row-major order. */
  public static Tensor of(int[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a tensor of {@link DType#BOOL} with these values in row-major order. */
  public static Tensor of(boolean[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a tensor of {@link DType#U8} with these values in row-major order. */
  public static Tensor of(byte[] values, long... shape) {
    return Factories.of(values, shape);
  }

  /** Returns a scalar of {@link DType#F32}. */
  public static Tensor scalar(double value) {
    return full(value, DType.F32);
  }

  /** Returns a tensor of zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return full(0, dtype, shape);
  }

  /** Returns a tensor of {@link DType#F32} zeros. */
  public static Tensor zeros(long... shape) {
    return full(0, DType.F32, shape);
  }

  /** Returns zeros of another tensor's type and shape. */
  public static Tensor zerosLike(Tensor other) {
    return Factories.full(0, other.dtype(), other.shape());
  }

  /** Returns a tensor of ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return full(1, dtype, shape);
  }

  /** Returns a tensor of {@link DType#F32} ones. */
  public static Tensor ones(long... shape) {
    return full(1, DType.F32, shape);
  }

  /** Returns ones of another tensor's type and shape. */
  public static Tensor onesLike(Tensor other) {
    return Factories.full(1, other.dtype(), other.shape());
  }

  /** Returns a tensor whose every element is {@code value}. */
  public static Tensor full(double value, DType dtype, long... shape) {
    return Factories.full(value, dtype, Shape.of(shape));
  }

  /**
   * Returns a tensor of undefined contents that outlives any {@link StepScope}, on the default
   * engine, as {@code torch.empty}. The memory has not been touched yet.
   */
  public static Tensor keptEmpty(DType dtype, Shape shape) {
    Storage storage = Engine.defaultEngine().allocate(dtype, shape.elements());
    storage.retain();
    return new Tensor(storage.contiguousView(shape), "keptEmpty");
  }

  /** Returns {@code [0, 1, ..., n - 1]} of {@link DType#I64}. */
  public static Tensor arange(long n) {
    return Factories.arange(n);
  }

  /** Returns values drawn uniformly from {@code [low, high)}. */
  public static Tensor uniform(
      Generator generator, double low, double high, DType dtype, long... shape) {
    return Factories.uniform(generator, low, high, dtype, Shape.of(shape));
  }

  /** Returns values drawn from the normal distribution. */
  public static Tensor normal(
      Generator generator, double mean, double standardDeviation, DType dtype, long... shape) {
    return Factories.normal(generator, mean, standardDeviation, dtype, Shape.of(shape));
  }

  /** Joins tensors along an existing dimension; all other sizes are equal. */
  public static Tensor concat(int dim, Tensor... tensors) {
    return Shaping.concat(dim, tensors);
  }

  /** Joins tensors of one shape along a new dimension. */
  public static Tensor stack(int dim, Tensor... tensors) {
    return Shaping.stack(dim, tensors);
  }

  /** Returns {@code condition ? a : b} element by element; all three broadcast. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Indexing.where(condition, a, b);
  }

  // ---------------------------------------------------------------- element-wise

  /** Returns {@code this + other}. */
  public final Tensor add(Tensor other) {
    return Elementwise.add(this, other);
  }

  /** Returns {@code this + value}. */
  public final Tensor add(double value) {
    return Elementwise.affine(this, 1, value);
  }

  /** Returns {@code this - other}. */
  public final Tensor sub(Tensor other) {
    return Elementwise.sub(this, other);
  }

  /** Returns {@code this - value}. */
  public final Tensor sub(double value) {
    return Elementwise.affine(this, 1, -value);
  }

  /** Returns {@code this * other}. */
  public final Tensor mul(Tensor other) {
    return Elementwise.mul(this, other);
  }

  /** Returns {@code this * value}. */
  public final Tensor mul(double value) {
    return Elementwise.affine(this, value, 0);
  }

  /**
   * Returns {@code this / other}; of integers it truncates towards zero.
   *
   * @throws FulgurException if an integer is divided by 0
   */
  public final Tensor div(Tensor other) {
    return Elementwise.div(this, other);
  }

  /** Returns {@code this / value}, for floating-point tensors. */
  public final Tensor div(double value) {
    return Elementwise.affine(this, 1 / value, 0);
  }

  /** Returns {@code this ^ exponent}. */
  public final Tensor pow(double exponent) {
    return Elementwise.pow(this, exponent);
  }

  /** Returns {@code this ^ exponent}. */
  public final Tensor pow(Tensor exponent) {
    return Elementwise.pow(this, exponent);
  }

  /** Returns {@code -this}. */
  public final Tensor neg() {
    return Elementwise.affine(this, -1, 0);
  }

  /** Returns the absolute value. */
  public final Tensor abs() {
    return Elementwise.abs(this);
  }

  /** Returns -1, 0 or 1. */
  public final Tensor sign() {
    return Elementwise.sign(this);
  }

  /** Returns {@code this * this}. */
  public final Tensor square() {
    return Elementwise.square(this);
  }

  /** Returns e to the power of this. */
  public final Tensor exp() {
    return Elementwise.exp(this);
  }

  /** Returns {@code exp(this) - 1}, exact near 0. */
  public final Tensor expm1() {
    return Elementwise.expm1(this);
  }

  /** Returns the natural logarithm. */
  public final Tensor log() {
    return Elementwise.log(this);
  }

  /** Returns {@code log(1 + this)}, exact near 0. */
  public final Tensor log1p() {
    return Elementwise.log1p(this);
  }

  /** Returns the square root. */
  public final Tensor sqrt() {
    return Elementwise.sqrt(this);
  }

  /** Returns {@code 1 / sqrt(this)}. */
  public final Tensor rsqrt() {
    return Elementwise.rsqrt(this);
  }

  /** Returns {@code 1 / this}. */
  public final Tensor reciprocal() {
    return Elementwise.reciprocal(this);
  }

  /** Returns the sine. */
  public final Tensor sin() {
    return Elementwise.sin(this);
  }

  /** Returns the cosine. */
  public final Tensor cos() {
    return Elementwise.cos(this);
  }

  /** Returns the hyperbolic tangent. */
  public final Tensor tanh() {
    return Elementwise.tanh(this);
  }

  /** Returns {@code 1 / (1 + exp(-this))}. */
  public final Tensor sigmoid() {
    return Elementwise.sigmoid(this);
  }

  /** Returns the Gauss error function. */
  public final Tensor erf() {
    return Elementwise.erf(this);
  }

  /** Returns the largest integer not above. */
  public final Tensor floor() {
    return Elementwise.floor(this);
  }

  /** Returns the smallest integer not below. */
  public final Tensor ceil() {
    return Elementwise.ceil(this);
  }

  /** Returns the nearest integer, half to even. */
  public final Tensor round() {
    return Elementwise.round(this);
  }

  /** Returns {@code max(this, 0)}. */
  public final Tensor relu() {
    return Elementwise.relu(this);
  }

  /** Returns the Gaussian error linear unit, {@code x Φ(x)}, exactly. */
  public final Tensor gelu() {
    return Elementwise.gelu(this, /* tanhApproximation= */ false);
  }

  /** Returns the Gaussian error linear unit by its tanh approximation. */
  public final Tensor geluTanh() {
    return Elementwise.gelu(this, /* tanhApproximation= */ true);
  }

  /** Returns the elements limited to {@code [low, high]}; the gradient is 0 outside. */
  public final Tensor clamp(double low, double high) {
    return Elementwise.clamp(this, low, high);
  }

  /** Returns the larger of each pair; equal elements share the gradient. */
  public final Tensor maximum(Tensor other) {
    return Elementwise.maximum(this, other);
  }

  /** Returns the smaller of each pair; equal elements share the gradient. */
  public final Tensor minimum(Tensor other) {
    return Elementwise.minimum(this, other);
  }

  /** Returns this in another type; gradients flow between floating-point types. */
  public final Tensor to(DType dtype) {
    return Elementwise.cast(this, dtype);
  }

  /** Returns where elements are equal. */
  public final Tensor eq(Tensor other) {
    return Elementwise.compare(Operators.EQ, this, other);
  }

  /** Returns where elements equal a value. */
  public final Tensor eq(double value) {
    return Elementwise.compare(Operators.EQ, this, value);
  }

  /** Returns where elements differ. */
  public final Tensor ne(Tensor other) {
    return Elementwise.compare(Operators.NE, this, other);
  }

  /** Returns where elements differ from a value. */
  public final Tensor ne(double value) {
    return Elementwise.compare(Operators.NE, this, value);
  }

  /** Returns where {@code this < other}. */
  public final Tensor lt(Tensor other) {
    return Elementwise.compare(Operators.LT, this, other);
  }

  /** Returns where {@code this < value}. */
  public final Tensor lt(double value) {
    return Elementwise.compare(Operators.LT, this, value);
  }

  /** Returns where {@code this <= other}. */
  public final Tensor le(Tensor other) {
    return Elementwise.compare(Operators.LE, this, other);
  }

  /** Returns where {@code this <= value}. */
  public final Tensor le(double value) {
    return Elementwise.compare(Operators.LE, this, value);
  }

  /** Returns where {@code this > other}. */
  public final Tensor gt(Tensor other) {
    return Elementwise.compare(Operators.GT, this, other);
  }

  /** Returns where {@code this > value}. */
  public final Tensor gt(double value) {
    return Elementwise.compare(Operators.GT, this, value);
  }

  /** Returns where {@code this >= other}. */
  public final Tensor ge(Tensor other) {
    return Elementwise.compare(Operators.GE, this, other);
  }

  /** Returns where {@code this >= value}. */
  public final Tensor ge(double value) {
    return Elementwise.compare(Operators.GE, this, value);
  }

  /** Returns where both are true. */
  public final Tensor logicalAnd(Tensor other) {
    return Elementwise.compare(Operators.LOGICAL_AND, this, other);
  }

  /** Returns where either is true. */
  public final Tensor logicalOr(Tensor other) {
    return Elementwise.compare(Operators.LOGICAL_OR, this, other);
  }

  /** Returns where exactly one is true. */
  public final Tensor logicalXor(Tensor other) {
    return Elementwise.compare(Operators.LOGICAL_XOR, this, other);
  }

  /** Returns where this is false. */
  public final Tensor logicalNot() {
    return Elementwise.test(Operators.LOGICAL_NOT, this);
  }

  /** Returns where elements are not a number. */
  public final Tensor isNan() {
    return Elementwise.test(Operators.IS_NAN, this);
  }

  /** Returns where elements are neither infinite nor NaN. */
  public final Tensor isFinite() {
    return Elementwise.test(Operators.IS_FINITE, this);
  }

  // ---------------------------------------------------------------- reductions

  /** Returns the sum of all elements; sums of integers have their type and wrap around. */
  public final Tensor sum() {
    return Reductions.sum(this, Reductions.all(this), /* keepDim= */ false);
  }

  /** Returns sums over some dimensions. */
  public final Tensor sum(boolean keepDim, int... dims) {
    return Reductions.sum(this, Reductions.mask(this, dims), keepDim);
  }

  /** Returns the mean of all elements. */
  public final Tensor mean() {
    return Reductions.mean(this, Reductions.all(this), /* keepDim= */ false);
  }

  /** Returns means over some dimensions. */
  public final Tensor mean(boolean keepDim, int... dims) {
    return Reductions.mean(this, Reductions.mask(this, dims), keepDim);
  }

  /** Returns the product of all elements. */
  public final Tensor prod() {
    return Reductions.prod(this, Reductions.all(this), /* keepDim= */ false);
  }

  /** Returns the largest element; equal ones share the gradient. */
  public final Tensor max() {
    return Reductions.extremum(Operators.MAX, this, Reductions.all(this), /* keepDim= */ false);
  }

  /** Returns the largest elements over some dimensions; equal ones share the gradient. */
  public final Tensor max(boolean keepDim, int... dims) {
    return Reductions.extremum(Operators.MAX, this, Reductions.mask(this, dims), keepDim);
  }

  /** Returns the smallest element; equal ones share the gradient. */
  public final Tensor min() {
    return Reductions.extremum(Operators.MIN, this, Reductions.all(this), /* keepDim= */ false);
  }

  /** Returns the smallest elements over some dimensions; equal ones share the gradient. */
  public final Tensor min(boolean keepDim, int... dims) {
    return Reductions.extremum(Operators.MIN, this, Reductions.mask(this, dims), keepDim);
  }

  /** Returns the variance over some dimensions; {@code correction} 1 is the unbiased estimate. */
  public final Tensor variance(int correction, boolean keepDim, int... dims) {
    return Reductions.variance(this, correction, keepDim, dims);
  }

  /** Returns whether any element is true. */
  public final Tensor any() {
    return Reductions.truth(Operators.ANY, this);
  }

  /** Returns whether all elements are true. */
  public final Tensor all() {
    return Reductions.truth(Operators.ALL, this);
  }

  /**
   * Returns the index of the largest element along a dimension, the first of equal ones. NaN counts
   * as the largest.
   */
  public final Tensor argmax(int dim) {
    return Reductions.index(Operators.ARGMAX, this, dim);
  }

  /**
   * Returns the index of the smallest element along a dimension, the first of equal ones. NaN
   * counts as the smallest.
   */
  public final Tensor argmin(int dim) {
    return Reductions.index(Operators.ARGMIN, this, dim);
  }

  /** Returns {@code log(sum(exp(this)))} along a dimension, without overflow. */
  public final Tensor logSumExp(int dim, boolean keepDim) {
    return Reductions.logSumExp(this, dim, keepDim);
  }

  /** Returns {@code exp(x) / sum(exp(x))} along a dimension. */
  public final Tensor softmax(int dim) {
    return Softmax.softmax(this, dim);
  }

  /** Returns {@code x - logSumExp(x)} along a dimension. */
  public final Tensor logSoftmax(int dim) {
    return Softmax.logSoftmax(this, dim);
  }

  // ---------------------------------------------------------------- products

  /**
   * Returns the matrix product. Shapes {@code [..., m, k]} and {@code [..., k, n]} give {@code
   * [..., m, n]}; batch dimensions broadcast; a vector on the left is a row, on the right a column,
   * as {@code torch.matmul}.
   */
  public final Tensor matmul(Tensor other) {
    return Products.matmul(this, other);
  }

  /** Returns {@code this Wᵀ + b}; shapes {@code [..., in]}, {@code [out, in]}, {@code [out]}. */
  public final Tensor linear(Tensor weight, @Nullable Tensor bias) {
    return Products.linear(this, weight, bias);
  }

  // ---------------------------------------------------------------- shape

  /** Returns the same elements in another shape; one size may be -1, which is inferred. */
  public final Tensor reshape(long... sizes) {
    return Shaping.reshape(this, sizes);
  }

  /** Returns this with the dimensions from {@code start} to {@code end} joined into one. */
  public final Tensor flatten(int start, int end) {
    return Shaping.flatten(this, start, end);
  }

  /** Returns this with two dimensions exchanged. */
  public final Tensor transpose(int dim0, int dim1) {
    return Shaping.transpose(this, dim0, dim1);
  }

  /** Returns this with its dimensions in another order. */
  public final Tensor permute(int... dims) {
    return Shaping.permute(this, dims);
  }

  /** Returns this without a dimension, which must have size 1. */
  public final Tensor squeeze(int dim) {
    return Shaping.squeeze(this, dim);
  }

  /** Returns this with a dimension of size 1 inserted at {@code dim}, which may be the rank. */
  public final Tensor unsqueeze(int dim) {
    return Shaping.unsqueeze(this, dim);
  }

  /** Returns this repeated along dimensions of size 1, without copying. */
  public final Tensor expand(long... sizes) {
    return Shaping.expand(this, Shape.of(sizes));
  }

  /**
   * Returns the elements {@code [start, end)} of a dimension; negative bounds count from its end.
   */
  public final Tensor slice(int dim, long start, long end) {
    return Shaping.slice(this, dim, start, end, 1);
  }

  /** Returns every {@code step}-th of the elements {@code [start, end)} of a dimension. */
  public final Tensor slice(int dim, long start, long end, long step) {
    return Shaping.slice(this, dim, start, end, step);
  }

  /** Returns one element of a dimension, which disappears. */
  public final Tensor select(int dim, long index) {
    return Shaping.select(this, dim, index);
  }

  /** Returns this with its elements row-major in memory: itself, or a copy. */
  public final Tensor contiguous() {
    return Shaping.contiguous(this);
  }

  /** Returns this with its elements in this order in memory: itself, or a copy. */
  public final Tensor contiguous(MemoryFormat format) {
    return Shaping.contiguous(this, format);
  }

  // ---------------------------------------------------------------- indexing

  /** Picks elements along a dimension by an index tensor of the result's shape. */
  public final Tensor gather(int dim, Tensor index) {
    return Indexing.gather(this, dim, index);
  }

  /** Picks slices of a dimension by a vector of indices. */
  public final Tensor indexSelect(int dim, Tensor index) {
    return Indexing.indexSelect(this, dim, index);
  }

  /** Returns this with the elements where {@code mask} is true replaced by a value. */
  public final Tensor maskedFill(Tensor mask, double value) {
    return Indexing.maskedFill(this, mask, value);
  }
}
