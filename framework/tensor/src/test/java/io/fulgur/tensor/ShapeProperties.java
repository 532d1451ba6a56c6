package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of shapes and of the operators that only rearrange. */
class ShapeProperties {
  @Provide
  Arbitrary<long[]> sizes() {
    return Arbitraries.longs().between(0, 4).array(long[].class).ofMaxSize(4);
  }

  /** Sizes of 1 to 3, so that many pairs broadcast. */
  @Provide
  Arbitrary<long[]> lowSizes() {
    return Arbitraries.of(0L, 1L, 1L, 2L, 3L).array(long[].class).ofMaxSize(4);
  }

  @Property
  void broadcast_ofTwoShapes_followsNumPy(
      @ForAll("lowSizes") long[] a, @ForAll("lowSizes") long[] b) {
    long[] expected = broadcast(a, b);

    if (expected == null) {
      assertThatThrownBy(() -> Shape.broadcast("add", Shape.of(a), Shape.of(b)))
          .isInstanceOf(ShapeException.class);
    } else {
      assertThat(Shape.broadcast("add", Shape.of(a), Shape.of(b))).isEqualTo(Shape.of(expected));
    }
  }

  /** NumPy's rule, word by word: left-pad with ones, then sizes are equal or one of them is 1. */
  private static long[] broadcast(long[] a, long[] b) {
    int rank = Math.max(a.length, b.length);
    long[] result = new long[rank];
    for (int i = 0; i < rank; i++) {
      long x = i < rank - a.length ? 1 : a[i - rank + a.length];
      long y = i < rank - b.length ? 1 : b[i - rank + b.length];
      if (x != y && x != 1 && y != 1) {
        return null;
      }
      result[i] = x == 1 ? y : x;
    }
    return result;
  }

  @Property(tries = 300)
  void add_ofBroadcastOperands_addsTheElementsThatAlign(
      @ForAll("lowSizes") long[] a, @ForAll("lowSizes") long[] b) {
    long[] shape = broadcast(a, b);
    if (shape == null) {
      return;
    }
    for (DType type : new DType[] {DType.F32, DType.F64, DType.I64}) {
      double[] sums = numbered(a).to(type).add(numbered(b).mul(1000).to(type)).toDoubleArray();

      for (int i = 0; i < sums.length; i++) {
        assertThat(sums[i]).isEqualTo(place(i, shape, a) + 1000.0 * place(i, shape, b));
      }
    }
  }

  /** Returns the row-major place in an operand of an element of the result. */
  private static long place(int index, long[] shape, long[] operand) {
    long rest = index;
    long place = 0;
    long stride = 1;
    for (int i = 1; i <= shape.length; i++) {
      long size = shape[shape.length - i];
      long coordinate = rest % size;
      rest /= size;
      if (i <= operand.length) {
        long own = operand[operand.length - i];
        place += own == 1 ? 0 : coordinate * stride;
        stride *= own;
      }
    }
    return place;
  }

  private static Tensor numbered(long[] sizes) {
    double[] values = new double[(int) Shape.of(sizes).elements()];
    Arrays.setAll(values, i -> i);
    return Tensor.of(values, sizes);
  }

  @Property(tries = 300)
  void permute_andBack_isTheSame(@ForAll("sizes") long[] sizes, @ForAll long seed) {
    Tensor x = numbered(sizes);
    int[] order = shuffled(sizes.length, new Generator(seed));
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }

    Tensor there = x.permute(order);

    assertThat(there.permute(inverse).toDoubleArray()).isEqualTo(x.toDoubleArray());
    assertThat(there.contiguous().permute(inverse).toDoubleArray()).isEqualTo(x.toDoubleArray());
    assertThat(there.elements()).isEqualTo(x.elements());
  }

  private static int[] shuffled(int n, Generator generator) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = (int) generator.nextLong(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  @Property(tries = 300)
  void reshape_toRowsOfAnyLength_keepsTheOrder(@ForAll("sizes") long[] sizes) {
    Tensor x = numbered(sizes);

    for (long rows = 1; rows <= x.elements(); rows++) {
      if (x.elements() % rows == 0) {
        Tensor reshaped = x.reshape(rows, -1);
        assertThat(reshaped.toDoubleArray()).isEqualTo(x.toDoubleArray());
        assertThat(reshaped.reshape(sizes).shape()).isEqualTo(x.shape());
      }
    }
  }

  @Property(tries = 300)
  void slices_joinedAgain_areTheWhole(
      @ForAll("sizes") long[] sizes, @ForAll @IntRange(max = 3) int dim, @ForAll int cut) {
    if (dim >= sizes.length) {
      return;
    }
    Tensor x = numbered(sizes);
    long at = Math.floorMod(cut, (int) sizes[dim] + 1);

    Tensor joined = Tensor.concat(dim, x.slice(dim, 0, at), x.slice(dim, at, sizes[dim]));

    assertThat(joined.shape()).isEqualTo(x.shape());
    assertThat(joined.toDoubleArray()).isEqualTo(x.toDoubleArray());
  }

  @Property(tries = 300)
  void everySecondElement_ofReversedDimensions_isReadInOrder(@ForAll("sizes") long[] sizes) {
    Tensor x = numbered(sizes);
    int[] reverse = new int[x.rank()];
    Arrays.setAll(reverse, i -> x.rank() - 1 - i);
    Tensor reversed = x.permute(reverse);
    Tensor pairs = Tensor.stack(x.rank(), reversed, reversed.neg());

    Tensor strided = pairs.select(x.rank(), 0).permute(reverse);

    assertThat(strided.toDoubleArray()).isEqualTo(x.toDoubleArray());
    assertThat(strided.to(DType.BF16).toDoubleArray()).isEqualTo(x.to(DType.BF16).toDoubleArray());
  }
}
