package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.DoubleBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void of_values_countsLeftClosedBucketsAndTheMaximumInTheLast() {
    assertThat(rows(-1, 0, 0.5f, 3, 2, 1))
        .containsExactly(-1, 0, 1, /**/ 0, 1, 2, /**/ 1, 2, 1, /**/ 2, 3, 2);
  }

  @Test
  void of_nonFiniteValues_leavesThemOut() {
    assertThat(rows(Float.NaN, 0, Float.POSITIVE_INFINITY, 4, Float.NEGATIVE_INFINITY))
        .containsExactly(0, 1, 1, /**/ 1, 2, 0, /**/ 2, 3, 0, /**/ 3, 4, 1);
  }

  @Test
  void of_onlyNan_isAllZero() {
    assertThat(rows(Float.NaN)).containsOnly(0).hasSize(12);
  }

  @Property
  void of_anyValues_countsEachOnceInTouchingBuckets(
      @ForAll @NotEmpty float[] values, @ForAll @IntRange(min = 1, max = 50) int buckets) {
    DoubleBuffer rows = Histogram.of(values, buckets).toBytes().asDoubleBuffer();

    double total = 0;
    for (int i = 0; i < buckets; i++) {
      assertThat(rows.get(3 * i)).isLessThanOrEqualTo(rows.get(3 * i + 1));
      if (i > 0) {
        assertThat(rows.get(3 * i)).isEqualTo(rows.get(3 * i - 2));
      }
      total += rows.get(3 * i + 2);
    }
    assertThat(total).isEqualTo(values.length, within(0.0));
  }

  private static double[] rows(float... values) {
    double[] rows = new double[12];
    Histogram.of(values, 4).toBytes().asDoubleBuffer().get(rows);
    return rows;
  }
}
