package io.fulgur.tensor.functional;

import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Picking elements by index or mask, and writing to picked places. Nothing is changed in place:
 * each function returns a new tensor. Indices are {@link DType#I64}, count from 0, and are checked:
 * one out of range is an {@link IndexException}.
 *
 * <p>{@code gather}, {@code indexSelect}, {@code maskedFill} and {@code where} are methods of
 * {@link Tensor}.
 *
 * @since 0.1
 */
public final class Selection {
  private Selection() {}

  // ---------------------------------------------------------------- picking

  /**
   * Picks along a dimension by indices that broadcast with the input in the other dimensions, as
   * {@code torch.take_along_dim}.
   */
  public static Tensor takeAlong(Tensor input, Tensor index, int dim) {
    int axis = input.shape().axis(dim);
    if (index.rank() != input.rank()) {
      throw ShapeException.mismatch(
          "takeAlong", "the index must have as many dimensions", input.shape(), index.shape());
    }
    Shape common =
        Shape.broadcast(
            "takeAlong", input.shape().withSize(axis, 1), index.shape().withSize(axis, 1));
    return input
        .expand(common.withSize(axis, input.size(axis)).toArray())
        .gather(axis, index.expand(common.withSize(axis, index.size(axis)).toArray()));
  }

  /**
   * Picks {@code input[indices[0], indices[1], ...]}: the indices of the first dimensions broadcast
   * with one another, the other dimensions stay whole.
   *
   * @return of the indices' shape, then the remaining sizes
   */
  public static Tensor index(Tensor input, Tensor... indices) {
    Places places = Places.of("index", input, indices);
    Tensor rows = input.reshape(places.rows().toArray());
    return rows.indexSelect(0, places.linear()).reshape(places.result().toArray());
  }

  /** Returns the elements where a mask of the input's shape is true, in row-major order. */
  public static Tensor maskedSelect(Tensor input, Tensor mask) {
    Arguments.requireBool("maskedSelect by a mask", mask);
    Shape shape = Shape.broadcast("maskedSelect", input.shape(), mask.shape());
    Tensor places = trueAt(mask.expand(shape.toArray()).contiguous());
    return input.expand(shape.toArray()).reshape(-1).indexSelect(0, places);
  }

  /**
   * Returns the coordinates of the elements that are not 0 (or true), {@code [n, rank]} in
   * row-major order, as {@code torch.nonzero}.
   */
  public static Tensor nonzero(Tensor input) {
    Shape shape = input.shape();
    long[] places = trueAt(input.dtype() == DType.BOOL ? input : input.ne(0)).toLongArray();
    int rank = shape.rank();
    long[] coordinates = new long[places.length * rank];
    for (int i = 0; i < places.length; i++) {
      long rest = places[i];
      for (int d = rank - 1; d >= 0; d--) {
        coordinates[i * rank + d] = rest % shape.size(d);
        rest /= shape.size(d);
      }
    }
    return Tensor.of(coordinates, places.length, rank);
  }

  /** Returns the row-major places of the true elements. */
  private static Tensor trueAt(Tensor mask) {
    float[] truth = mask.toFloatArray();
    int count = 0;
    for (float value : truth) {
      count += value != 0 ? 1 : 0;
    }
    long[] places = new long[count];
    int at = 0;
    for (int i = 0; i < truth.length; i++) {
      if (truth[i] != 0) {
        places[at++] = i;
      }
    }
    return Tensor.of(places, count);
  }

  /**
   * Returns vectors of zeros with a 1 at each index, as {@code torch.nn.functional.one_hot}.
   *
   * @param index of any shape, {@link DType#I64}
   * @param classes the size of the new last dimension
   * @return of {@link DType#I64}, {@code [..., classes]}
   */
  public static Tensor oneHot(Tensor index, int classes) {
    Arguments.requireIndex("oneHot", index);
    Tensor at = index.contiguous().unsqueeze(-1);
    Tensor out = Tensor.zeros(DType.I64, index.shape().inserted(index.rank(), classes).toArray());
    Calls.into(
        SelectionOperators.SCATTER,
        index.rank(),
        Calls.views(Tensor.onesLike(at), at),
        Calls.views(out));
    return out;
  }

  // ---------------------------------------------------------------- writing along a dimension

  /**
   * Returns the input with {@code y[i][index[i][j][k]][k] = source[i][j][k]} for dimension 1, as
   * {@code torch.scatter}; of several elements for one place the last stays.
   *
   * @param index of the input's rank, no larger than the source, nor than the input in other
   *     dimensions
   */
  public static Tensor scatter(Tensor input, int dim, Tensor index, Tensor source) {
    Scattering s = Scattering.of("scatter", input, dim, index, source);
    Tensor out = Calls.call(Operators.COPY, Operators.NONE, s.input());
    Calls.into(
        SelectionOperators.SCATTER, s.axis(), Calls.views(s.source(), s.index()), Calls.views(out));
    if (!Calls.tracks(s.input(), s.source())) {
      return out;
    }
    return Calls.record(
        out,
        "scatter",
        (grad, g) -> {
          if (s.input().requiresGrad()) {
            g.give(s.input(), zeroed(grad, s));
          }
          if (s.source().requiresGrad()) {
            g.give(s.source(), grad.gather(s.axis(), s.index()));
          }
        },
        s.index());
  }

  /** As {@link #scatter(Tensor, int, Tensor, Tensor)} with one value for all. */
  public static Tensor scatter(Tensor input, int dim, Tensor index, double value) {
    return scatter(input, dim, index, Tensor.full(value, input.dtype(), index.shape().toArray()));
  }

  /**
   * Returns the input with {@code y[i][index[i][j][k]][k] += source[i][j][k]} for dimension 1, as
   * {@code torch.scatter_add}.
   */
  public static Tensor scatterAdd(Tensor input, int dim, Tensor index, Tensor source) {
    Scattering s = Scattering.of("scatterAdd", input, dim, index, source);
    Tensor out = Calls.call(Operators.COPY, Operators.NONE, s.input());
    Calls.into(
        Operators.SCATTER_ADD, s.axis(), Calls.views(s.source(), s.index()), Calls.views(out));
    if (!Calls.tracks(s.input(), s.source())) {
      return out;
    }
    return Calls.record(
        out,
        "scatterAdd",
        (grad, g) -> {
          g.pass(s.input(), grad);
          if (s.source().requiresGrad()) {
            g.give(s.source(), grad.gather(s.axis(), s.index()));
          }
        },
        s.index());
  }

  /**
   * Folds elements into the places that an index tells, as {@code torch.scatter_reduce}.
   *
   * @param includeSelf whether the input's own element takes part where others come in
   */
  public static Tensor scatterReduce(
      Tensor input,
      int dim,
      Tensor index,
      Tensor source,
      ScatterReduction reduction,
      boolean includeSelf) {
    Scattering s = Scattering.of("scatterReduce", input, dim, index, source);
    return ScatterReductions.reduce(s, reduction, includeSelf);
  }

  static Tensor zeroed(Tensor grad, Scattering s) {
    Tensor rest = Calls.call(Operators.COPY, Operators.NONE, grad);
    Calls.into(
        SelectionOperators.SCATTER,
        s.axis(),
        Calls.views(Tensor.full(0, rest.dtype(), s.index().shape().toArray()), s.index()),
        Calls.views(rest));
    return rest;
  }

  /**
   * Returns the input with slices of a source added at the indices of a dimension, as {@code
   * torch.index_add}.
   *
   * @param index a vector
   * @param source of the input's shape, but the index's size along the dimension
   */
  public static Tensor indexAdd(Tensor input, int dim, Tensor index, Tensor source) {
    Tensor x = Autocast.widest(input, source).contiguous();
    Tensor from = Autocast.widest(source, input).contiguous();
    int axis = checkSlices("indexAdd", x, dim, index, from);
    Tensor at = index.contiguous();
    Tensor out = Calls.call(Operators.COPY, Operators.NONE, x);
    Calls.into(Operators.INDEX_ADD, axis, Calls.views(from, at), Calls.views(out));
    if (!Calls.tracks(x, from)) {
      return out;
    }
    return Calls.record(
        out,
        "indexAdd",
        (grad, g) -> {
          g.pass(x, grad);
          if (from.requiresGrad()) {
            g.give(from, grad.indexSelect(axis, at));
          }
        },
        at);
  }

  /**
   * Returns the input with slices of a source at the indices of a dimension, as {@code
   * torch.index_copy}; of several for one place the last stays.
   */
  public static Tensor indexCopy(Tensor input, int dim, Tensor index, Tensor source) {
    Tensor x = Autocast.widest(input, source).contiguous();
    Tensor from = Autocast.widest(source, input).contiguous();
    int axis = checkSlices("indexCopy", x, dim, index, from);
    Tensor at = index.contiguous();
    Tensor out = Calls.call(Operators.COPY, Operators.NONE, x);
    Calls.into(SelectionOperators.INDEX_COPY, axis, Calls.views(from, at), Calls.views(out));
    if (!Calls.tracks(x, from)) {
      return out;
    }
    return Calls.record(
        out,
        "indexCopy",
        (grad, g) -> {
          if (x.requiresGrad()) {
            Tensor rest = Calls.call(Operators.COPY, Operators.NONE, grad);
            Calls.into(
                SelectionOperators.INDEX_COPY,
                axis,
                Calls.views(Tensor.zerosLike(from), at),
                Calls.views(rest));
            g.give(x, rest);
          }
          if (from.requiresGrad()) {
            g.give(from, grad.indexSelect(axis, at));
          }
        },
        at);
  }

  /** Returns the input with a value in all slices at the indices of a dimension. */
  public static Tensor indexFill(Tensor input, int dim, Tensor index, double value) {
    Shape slices = input.shape().withSize(dim, index.elements());
    return indexCopy(input, dim, index, Tensor.full(value, input.dtype(), slices.toArray()));
  }

  private static int checkSlices(
      String function, Tensor input, int dim, Tensor index, Tensor source) {
    Arguments.requireIndex(function, index);
    Arguments.requireOneType(function, input, source);
    int axis = input.shape().axis(dim);
    if (index.rank() > 1
        || !source.shape().equals(input.shape().withSize(axis, index.elements()))) {
      throw ShapeException.mismatch(
          function,
          "the index must be a vector, and the source like the input but of the index's size at"
              + " dimension "
              + axis,
          input.shape(),
          index.shape(),
          source.shape());
    }
    return axis;
  }

  /**
   * Returns the input with {@code values} at {@code input[indices[0], indices[1], ...]}, as {@code
   * torch.index_put}; see {@link #index}.
   *
   * @param values broadcast to the shape that {@link #index} returns
   * @param accumulate whether to add to what is there; else, of several for one place, the last
   *     stays
   */
  public static Tensor indexPut(Tensor input, Tensor[] indices, Tensor values, boolean accumulate) {
    Places places = Places.of("indexPut", input, indices);
    Tensor rows = input.reshape(places.rows().toArray());
    Tensor spread =
        values
            .expand(places.result().toArray())
            .reshape(places.rows().withSize(0, places.linear().elements()).toArray());
    Tensor out =
        accumulate
            ? indexAdd(rows, 0, places.linear(), spread)
            : indexCopy(rows, 0, places.linear(), spread);
    return out.reshape(input.shape().toArray());
  }
}
