package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostArrayTest {
  @Test
  void of_noSizes_vector() {
    float[] values = {1, 2};
    HostArray array = HostArray.of(values);

    assertThat(array.shape()).isEqualTo(Shape.of(2));
    assertThat(array.floats()).isSameAs(values);
    assertThat(array).hasToString("F32[2]");
  }

  @Test
  void accessors_eachType_theArrayAndItsNumbers() {
    assertThat(HostArray.of(new double[] {.1}).doubles()).containsExactly(.1);
    assertThat(HostArray.of(new long[] {3}).longs()).containsExactly(3);
    assertThat(HostArray.of(new int[] {3}).ints()).containsExactly(3);
    assertThat(HostArray.of(new byte[] {-1}).bytes()).containsExactly(-1);
    assertThat(HostArray.of(new boolean[] {true}).booleans()).containsExactly(true);
    assertThat(HostArray.of(new byte[] {-1}).toFloatArray()).containsExactly(255);
    assertThat(HostArray.of(new boolean[] {true, false}).toDoubleArray()).containsExactly(1, 0);
    assertThat(HostArray.of(new int[] {-4}).get(0)).isEqualTo(-4);
  }

  @Test
  void scalar_eachType_rankZero() {
    List<HostArray> scalars =
        List.of(
            HostArray.scalar(1L),
            HostArray.scalar(1f),
            HostArray.scalar(1d),
            HostArray.scalar(true));

    assertThat(scalars)
        .extracting(HostArray::dtype)
        .containsExactly(DType.I64, DType.F32, DType.F64, DType.BOOL);
    assertThat(scalars).allMatch(scalar -> scalar.shape().equals(Shape.SCALAR));
    assertThat(scalars).allMatch(scalar -> scalar.get(0) == 1);
  }

  @Test
  void equals_valuesTypeAndShape_allCount() {
    HostArray array = HostArray.of(new float[] {1, 2}, 1, 2);

    assertThat(array)
        .isEqualTo(HostArray.of(new float[] {1, 2}, 1, 2))
        .hasSameHashCodeAs(HostArray.of(new float[] {1, 2}, 1, 2))
        .isNotEqualTo(HostArray.of(new float[] {1, 2}, 2, 1))
        .isNotEqualTo(HostArray.of(new float[] {1, 3}, 1, 2))
        .isNotEqualTo(HostArray.of(new double[] {1, 2}, 1, 2));
  }

  @Test
  void take_givenArrays_reusedOnlyIfTypeAndLengthFit() {
    HostArrays arrays = new HostArrays();
    HostArray floats = arrays.take(DType.F32, Shape.of(2, 3));
    arrays.give(floats);

    assertThat(arrays.take(DType.F64, Shape.of(6)).values()).isNotSameAs(floats.values());
    assertThat(arrays.take(DType.F32, Shape.of(5)).values()).isNotSameAs(floats.values());
    assertThat(arrays.take(DType.F32, Shape.of(6)).floats()).isSameAs(floats.values());
    assertThat(arrays.take(DType.F32, Shape.of(6)).values()).isNotSameAs(floats.values());
  }

  @Test
  void give_manySizes_oldestAreForgotten() {
    HostArrays arrays = new HostArrays();
    HostArray[] given = new HostArray[70];
    Arrays.setAll(given, size -> arrays.take(DType.U8, Shape.of(size)));
    Arrays.stream(given).forEach(arrays::give);

    assertThat(arrays.take(DType.U8, Shape.of(69)).bytes()).isSameAs(given[69].values());
    assertThat(arrays.take(DType.U8, Shape.of(0)).bytes()).isNotSameAs(given[0].values());
  }

  @Test
  void recycle_oneArrayUnderTwoNames_comesBackOnce() {
    HostArrays arrays = new HostArrays();
    HostArray shared = arrays.take(DType.F32, Shape.of(2));
    HostBatch.of(2, Map.of("x", shared, "target", shared), arrays).recycle();

    assertThat(arrays.take(DType.F32, Shape.of(2)).values())
        .isNotSameAs(arrays.take(DType.F32, Shape.of(2)).values());
  }

  @Test
  void recycle_twice_arraysComeBackOnce() {
    HostArrays arrays = new HostArrays();
    HostBatch batch = HostBatch.of(2, Map.of("x", arrays.take(DType.F32, Shape.of(2))), arrays);
    batch.recycle();
    batch.recycle();

    assertThat(arrays.take(DType.F32, Shape.of(2)).values())
        .isNotSameAs(arrays.take(DType.F32, Shape.of(2)).values());
  }
}
