package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ArrayDatasetTest {
  private final ArrayDataset dataset =
      ArrayDataset.of("image", HostArray.of(new float[] {0, 1, 2, 3, 4, 5}, 3, 2, 1))
          .with("label", HostArray.of(new long[] {7, 8, 9}))
          .with("mask", HostArray.of(new boolean[] {true, false, true}))
          .with("pixel", HostArray.of(new byte[] {-1, 2, 3}))
          .with("count", HostArray.of(new int[] {4, 5, 6}))
          .with("weight", HostArray.of(new double[] {.5, .25, .125}));

  @Test
  void get_middleSample_itsRowOfEachArray() {
    Sample sample = dataset.get(1);

    assertThat(sample)
        .isEqualTo(
            Sample.of("image", new float[] {2, 3}, 2, 1)
                .with("label", 8)
                .with("mask", false)
                .with("pixel", new HostArray(DType.U8, Shape.SCALAR, new byte[] {2}))
                .with("count", new HostArray(DType.I32, Shape.SCALAR, new int[] {5}))
                .with("weight", .25));
    assertThat(sample.names())
        .containsExactly("image", "label", "mask", "pixel", "count", "weight");
  }

  @Test
  void getBatch_anyOrder_equalsStackedSamples() {
    long[] indices = {2, 0, 2, 1};
    HostBatch bulk = dataset.getBatch(indices, new HostArrays());
    HostBatch stacked =
        Collate.stack()
            .collate(Arrays.stream(indices).mapToObj(dataset::get).toList(), new HostArrays());

    assertThat(bulk.values()).isEqualTo(stacked.values());
    assertThat(bulk.get("image"))
        .isEqualTo(HostArray.of(new float[] {4, 5, 0, 1, 4, 5, 2, 3}, 4, 2, 1));
    assertThat(bulk.size()).isEqualTo(4);
  }

  @Test
  void copyOf_mappedDataset_transformedOnceForAll() {
    Dataset mapped = dataset.map(s -> s.with("label", (long) s.get("label").get(0) - 7));

    ArrayDataset copy = ArrayDataset.copyOf(mapped);

    assertThat(copy.size()).isEqualTo(3);
    assertThat(copy.values("label")).isEqualTo(HostArray.of(new long[] {0, 1, 2}));
    assertThat(copy.get(2)).isEqualTo(mapped.get(2));
  }

  @Test
  void copyOf_subsetOfArrays_itsRows() {
    assertThat(ArrayDataset.copyOf(dataset.subset(2, 1)).values("label"))
        .isEqualTo(HostArray.of(new long[] {9, 8}));
  }
}
