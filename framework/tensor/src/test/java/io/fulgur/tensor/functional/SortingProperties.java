package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of sorting, of every type; many elements are equal, and some are NaN. */
class SortingProperties {
  private static final double[] SOME = {
    -3, -1, 0, 1, 2, 100, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY
  };

  @Provide
  Arbitrary<double[]> numbers() {
    return Arbitraries.integers()
        .between(0, SOME.length - 1)
        .map(i -> SOME[i])
        .array(double[].class)
        .ofMaxSize(60);
  }

  private static Tensor of(double[] numbers, DType type) {
    double[] fit =
        type.isFloating()
            ? numbers
            : Arrays.stream(numbers).map(x -> Double.isFinite(x) ? Math.abs(x) : 7).toArray();
    return Tensor.of(fit, fit.length).to(type);
  }

  @Property(tries = 300)
  void sort_isStableAndHasEachElementOnce(
      @ForAll("numbers") double[] numbers, @ForAll DType type, @ForAll boolean descending) {
    Tensor x = of(numbers, type);
    double[] values = x.toDoubleArray();
    // Double.compare has NaN as the largest, too.
    Comparator<Integer> order = Comparator.comparingDouble(i -> values[i] + 0.0);
    long[] expected =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(descending ? order.reversed() : order)
            .mapToLong(i -> i)
            .toArray();

    ValuesAndIndices sorted = Sorting.sort(x, 0, descending);

    assertThat(sorted.indices().toLongArray()).containsExactly(expected);
    assertThat(sorted.values().toDoubleArray())
        .containsExactly(Arrays.stream(expected).mapToDouble(i -> values[(int) i]).toArray());
    assertThat(sorted.values().dtype()).isEqualTo(type);
  }

  @Property(tries = 300)
  void topk_isTheStartOfWhatIsSorted(
      @ForAll("numbers") double[] numbers,
      @ForAll DType type,
      @ForAll boolean largest,
      @ForAll @IntRange(max = 60) int most) {
    Tensor x = of(numbers, type);
    int k = Math.min(most, numbers.length);

    ValuesAndIndices top = Sorting.topk(x, k, 0, largest);

    ValuesAndIndices sorted = Sorting.sort(x, 0, largest);
    assertThat(top.indices().toLongArray())
        .containsExactly(sorted.indices().slice(0, 0, k).toLongArray());
    assertThat(top.values().toDoubleArray())
        .containsExactly(sorted.values().slice(0, 0, k).toDoubleArray());
  }

  @Property(tries = 200)
  void unique_givesBackTheInput(@ForAll("numbers") double[] numbers) {
    double[] clean = Arrays.stream(numbers).filter(x -> !Double.isNaN(x)).toArray();
    Tensor x = Tensor.of(clean, clean.length);

    Statistics.Unique unique = Statistics.unique(x);

    assertThat(unique.values().toDoubleArray())
        .containsExactly(Arrays.stream(clean).distinct().sorted().toArray());
    assertThat(unique.values().indexSelect(0, unique.inverse()).toDoubleArray())
        .containsExactly(clean);
    assertThat(unique.counts().toLongArray())
        .containsExactly(Statistics.bincount(unique.inverse(), 0).toLongArray());
  }
}
