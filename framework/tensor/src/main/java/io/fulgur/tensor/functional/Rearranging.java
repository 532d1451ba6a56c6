package io.fulgur.tensor.functional;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rearranging, repeating and taking apart, beyond the methods of {@link Tensor} ({@code reshape},
 * {@code permute}, {@code slice}, {@code concat}, {@code stack}, ...). As the functions of these
 * names in {@code torch}.
 *
 * @since 0.1
 */
public final class Rearranging {
  private Rearranging() {}

  /**
   * Rotates the elements along dimensions: what leaves at the end comes in at the start.
   *
   * @param shifts how far, for each of {@code dims}; negative is towards the start
   */
  public static Tensor roll(Tensor input, long[] shifts, int[] dims) {
    Arguments.require(
        shifts.length == dims.length,
        "roll needs as many shifts as dimensions, but got %d and %d.",
        shifts.length,
        dims.length);
    Tensor x = input;
    for (int i = 0; i < dims.length; i++) {
      x = roll(x, shifts[i], dims[i]);
    }
    return x;
  }

  /** Rotates the elements along a dimension by {@code shift} places. */
  public static Tensor roll(Tensor input, long shift, int dim) {
    int axis = input.shape().axis(dim);
    long size = input.size(axis);
    long by = size == 0 ? 0 : Math.floorMod(shift, size);
    return by == 0
        ? input
        : Tensor.concat(axis, input.slice(axis, size - by, size), input.slice(axis, 0, size - by));
  }

  /** Reverses the order of the elements along dimensions. */
  public static Tensor flip(Tensor input, int... dims) {
    Tensor x = input;
    for (int dim : dims) {
      int axis = input.shape().axis(dim);
      long[] reversed = new long[Math.toIntExact(input.size(axis))];
      Arrays.setAll(reversed, i -> reversed.length - 1 - i);
      x = x.indexSelect(axis, Tensor.of(reversed, reversed.length));
    }
    return x;
  }

  /**
   * Rotates by {@code turns} times 90 degrees in a plane, from the first dimension to the other.
   */
  public static Tensor rot90(Tensor input, int turns, int dim0, int dim1) {
    if (input.shape().axis(dim0) == input.shape().axis(dim1)) {
      throw ShapeException.invalid("rot90 needs two dimensions, but got " + dim0 + " twice");
    }
    return switch (Math.floorMod(turns, 4)) {
      case 1 -> flip(input, dim1).transpose(dim0, dim1);
      case 2 -> flip(input, dim0, dim1);
      case 3 -> flip(input, dim0).transpose(dim0, dim1);
      default -> input;
    };
  }

  /** Moves a dimension to another place; the others keep their order. */
  public static Tensor movedim(Tensor input, int source, int destination) {
    int from = input.shape().axis(source);
    int to = input.shape().axis(destination);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < input.rank(); i++) {
      if (i != from) {
        order.add(i);
      }
    }
    order.add(to, from);
    return input.permute(order.stream().mapToInt(Integer::intValue).toArray());
  }

  // ---------------------------------------------------------------- repeating

  /**
   * Repeats the whole tensor along each dimension, as {@code Tensor.repeat} of PyTorch.
   *
   * @param repeats one for each dimension; more make new dimensions in front
   */
  public static Tensor repeat(Tensor input, long... repeats) {
    int rank = repeats.length;
    int extra = rank - input.rank();
    if (extra < 0 || Arrays.stream(repeats).anyMatch(r -> r < 0)) {
      throw ShapeException.invalid(
          "repeat of "
              + input.shape()
              + " needs a number >= 0 for each dimension, but got "
              + Arrays.toString(repeats));
    }
    long[] split = new long[2 * rank];
    long[] spread = new long[2 * rank];
    long[] joined = new long[rank];
    for (int i = 0; i < rank; i++) {
      long size = i < extra ? 1 : input.size(i - extra);
      split[2 * i] = 1;
      split[2 * i + 1] = size;
      spread[2 * i] = repeats[i];
      spread[2 * i + 1] = size;
      joined[i] = repeats[i] * size;
    }
    return input.reshape(split).expand(spread).reshape(joined);
  }

  /** As {@link #repeat}, but with too few numbers those of the first dimensions are 1. */
  public static Tensor tile(Tensor input, long... repeats) {
    long[] all = new long[Math.max(repeats.length, input.rank())];
    Arrays.fill(all, 1);
    System.arraycopy(repeats, 0, all, all.length - repeats.length, repeats.length);
    return repeat(input, all);
  }

  /** Repeats each element along a dimension. */
  public static Tensor repeatInterleave(Tensor input, long repeats, int dim) {
    Arguments.require(repeats >= 0, "repeatInterleave needs repeats >= 0, but got %d.", repeats);
    int axis = input.shape().axis(dim);
    Shape spread = input.shape().inserted(axis + 1, repeats);
    return input
        .unsqueeze(axis + 1)
        .expand(spread.toArray())
        .reshape(input.shape().withSize(axis, input.size(axis) * repeats).toArray());
  }

  /**
   * Repeats the i-th slice of a dimension {@code repeats[i]} times.
   *
   * @param repeats a vector of {@link DType#I64}
   */
  public static Tensor repeatInterleave(Tensor input, Tensor repeats, int dim) {
    int axis = input.shape().axis(dim);
    if (repeats.rank() != 1 || repeats.size(0) != input.size(axis)) {
      throw ShapeException.mismatch(
          "repeatInterleave",
          "needs a vector with a number for each slice of dimension " + axis,
          input.shape(),
          repeats.shape());
    }
    Arguments.requireIndex("repeatInterleave", repeats);
    long[] counts = repeats.toLongArray();
    long[] places = new long[Math.toIntExact(Arrays.stream(counts).sum())];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      Arguments.require(
          counts[i] >= 0, "repeatInterleave needs repeats >= 0, but got %d.", counts[i]);
      Arrays.fill(places, at, at + (int) counts[i], i);
      at += (int) counts[i];
    }
    return input.indexSelect(axis, Tensor.of(places, places.length));
  }

  // ---------------------------------------------------------------- taking apart

  /** Returns pieces of {@code size} along a dimension, the last of which may be smaller. */
  public static List<Tensor> split(Tensor input, long size, int dim) {
    Arguments.require(size > 0, "split needs a positive size, but got %d.", size);
    int axis = input.shape().axis(dim);
    long whole = input.size(axis);
    int count = (int) Math.max(1, (whole + size - 1) / size);
    long[] sizes = new long[count];
    Arrays.fill(sizes, size);
    sizes[count - 1] = whole - size * (count - 1);
    return split(input, sizes, axis);
  }

  /** Returns pieces of given sizes along a dimension, which add up to its size. */
  public static List<Tensor> split(Tensor input, long[] sizes, int dim) {
    int axis = input.shape().axis(dim);
    if (Arrays.stream(sizes).sum() != input.size(axis)
        || Arrays.stream(sizes).anyMatch(s -> s < 0)) {
      throw ShapeException.mismatch(
          "split",
          "sizes "
              + Arrays.toString(sizes)
              + " must not be negative and add up to "
              + input.size(axis),
          input.shape());
    }
    List<Tensor> pieces = new ArrayList<>();
    long at = 0;
    for (long size : sizes) {
      pieces.add(input.slice(axis, at, at + size));
      at += size;
    }
    return List.copyOf(pieces);
  }

  /**
   * Returns at most {@code chunks} pieces of equal size along a dimension, the last of which may be
   * smaller.
   */
  public static List<Tensor> chunk(Tensor input, int chunks, int dim) {
    Arguments.require(chunks > 0, "chunk needs a positive number, but got %d.", chunks);
    return split(input, Math.max(1, (input.size(dim) + chunks - 1) / chunks), dim);
  }

  /** Returns the slices of a dimension, which disappears. */
  public static List<Tensor> unbind(Tensor input, int dim) {
    List<Tensor> slices = new ArrayList<>();
    for (long i = 0; i < input.size(dim); i++) {
      slices.add(input.select(dim, i));
    }
    return List.copyOf(slices);
  }

  // ---------------------------------------------------------------- grids and triangles

  /**
   * Returns the coordinates of a grid, the i-th varying along dimension i, as {@code
   * torch.meshgrid(indexing="ij")}.
   *
   * @param axes vectors or scalars of one type
   */
  public static List<Tensor> meshgrid(Tensor... axes) {
    long[] sizes = new long[axes.length];
    for (int i = 0; i < sizes.length; i++) {
      if (axes[i].rank() > 1) {
        throw ShapeException.mismatch("meshgrid", "needs vectors", axes[i].shape());
      }
      Arguments.requireOneType("meshgrid", axes[0], axes[i]);
      sizes[i] = axes[i].elements();
    }
    List<Tensor> grids = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      long[] alone = new long[sizes.length];
      Arrays.fill(alone, 1);
      alone[i] = sizes[i];
      grids.add(axes[i].reshape(alone).expand(sizes));
    }
    return List.copyOf(grids);
  }

  /**
   * Returns the lower triangle of matrices, other elements 0.
   *
   * @param diagonal the last diagonal that stays: 0 the main one, positive above it
   */
  public static Tensor tril(Tensor input, int diagonal) {
    Outputs.requireMatrix("tril", input.shape());
    Tensor stays = trilMask(input.size(-2), input.size(-1), diagonal);
    return input.maskedFill(stays.logicalNot(), 0);
  }

  /**
   * Returns the upper triangle of matrices, other elements 0.
   *
   * @param diagonal the first diagonal that stays: 0 the main one, positive above it
   */
  public static Tensor triu(Tensor input, int diagonal) {
    Outputs.requireMatrix("triu", input.shape());
    return input.maskedFill(trilMask(input.size(-2), input.size(-1), diagonal - 1), 0);
  }

  /** Returns where {@code column <= row + diagonal}, {@code [rows, columns]}. */
  public static Tensor trilMask(long rows, long columns, int diagonal) {
    return Tensor.arange(columns).le(Tensor.arange(rows).add(diagonal).unsqueeze(1));
  }

  /** Returns where {@code column >= row + diagonal}, {@code [rows, columns]}. */
  public static Tensor triuMask(long rows, long columns, int diagonal) {
    return Tensor.arange(columns).ge(Tensor.arange(rows).add(diagonal).unsqueeze(1));
  }

  // ---------------------------------------------------------------- diagonals

  /** Returns the main diagonal of the last two dimensions, {@code [..., min(rows, columns)]}. */
  public static Tensor diagonal(Tensor input) {
    return diagonal(input, 0, -2, -1);
  }

  /**
   * Returns a diagonal of two dimensions, which become one at the end.
   *
   * @param offset 0 the main one, positive above it
   */
  public static Tensor diagonal(Tensor input, int offset, int dim0, int dim1) {
    Outputs.requireMatrix("diagonal", input.shape());
    int last = input.rank() - 1;
    int row = input.shape().axis(dim0);
    int column = input.shape().axis(dim1);
    if (row == column) {
      throw ShapeException.invalid("diagonal needs two dimensions, but got " + dim0 + " twice");
    }
    Tensor matrices = movedim(movedim(input, row, last), column > row ? column - 1 : column, last);
    long rows = matrices.size(-2);
    long columns = matrices.size(-1);
    long length =
        Math.max(
            0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
    long[] places = new long[Math.toIntExact(length)];
    long start = offset >= 0 ? offset : -offset * columns;
    Arrays.setAll(places, i -> start + i * (columns + 1));
    return matrices.flatten(-2, -1).indexSelect(-1, Tensor.of(places, length));
  }

  /**
   * Returns matrices with the last dimension on a diagonal and 0 elsewhere, {@code [..., n, n]}
   * with {@code n} the size plus {@code |offset|}.
   */
  public static Tensor diagEmbed(Tensor input, int offset) {
    long length = input.size(-1);
    long n = length + Math.abs(offset);
    long start = offset >= 0 ? offset : -offset * n;
    long[] places = new long[Math.toIntExact(length)];
    Arrays.setAll(places, i -> start + i * (n + 1));
    long[] flat = input.shape().withSize(-1, n * n).toArray();
    Tensor out =
        Selection.indexAdd(Tensor.zeros(input.dtype(), flat), -1, Tensor.of(places, length), input);
    return out.reshape(input.shape().withSize(-1, n).inserted(input.rank(), n).toArray());
  }

  /** Returns a diagonal of a matrix, or the matrix with a vector on that diagonal. */
  public static Tensor diag(Tensor input, int offset) {
    return switch (input.rank()) {
      case 1 -> diagEmbed(input, offset);
      case 2 -> diagonal(input, offset, 0, 1);
      default -> throw ShapeException.mismatch("diag", "needs a vector or a matrix", input.shape());
    };
  }
}
