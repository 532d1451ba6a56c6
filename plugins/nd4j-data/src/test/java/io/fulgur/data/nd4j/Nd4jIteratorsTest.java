package io.fulgur.data.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.checkpoint.State;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.data.IterableDataset;
import io.fulgur.data.Sample;
import io.fulgur.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.TestDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class Nd4jIteratorsTest {
  /** Ten samples of two features, the n-th being n and -n, and one label each, in column order. */
  private static DataSet ten() {
    INDArray features = Nd4j.create(DataType.FLOAT, new long[] {10, 2}, 'f');
    INDArray labels = Nd4j.create(DataType.DOUBLE, 10, 1);
    for (int i = 0; i < 10; i++) {
      features.putScalar(i, 0, i);
      features.putScalar(i, 1, -i);
      labels.putScalar(i, 0, i / 2.0);
    }
    return new DataSet(features, labels);
  }

  private static DataSetIterator iterator(int batch) {
    return new TestDataSetIterator(ten(), batch);
  }

  private static List<Double> read(DataLoader loader) {
    List<Double> read = new ArrayList<>();
    for (HostBatch batch : loader) {
      for (int i = 0; i < batch.size(); i++) {
        assertThat(batch.get("features").get(2 * i + 1))
            .isEqualTo(-batch.get("features").get(2 * i));
        assertThat(batch.get("labels").get(i)).isEqualTo(batch.get("features").get(2 * i) / 2);
        read.add(batch.get("features").get(2 * i));
      }
    }
    return read;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void of_dataSetIterator_samplesInBatchesOfTheLoader(int workers) {
    DataLoader loader =
        DataLoader.builder(Nd4jIterators.of(iterator(4))).batchSize(3).workers(workers).build();
    List<Double> all = List.of(0., 1., 2., 3., 4., 5., 6., 7., 8., 9.);

    assertThat(read(loader)).isEqualTo(all);
    assertThat(read(loader)).isEqualTo(all);
    loader.loadState(State.builder().put("seed", 1).put("epoch", 0).put("batches", 2).build());
    assertThat(read(loader)).isEqualTo(all.subList(6, 10));
  }

  @Test
  void of_multiDataSetIterator_numberedNamesAndMasks() {
    DataSet masked = ten();
    masked.setLabelsMaskArray(Nd4j.ones(DataType.FLOAT, 10, 1));
    IterableDataset samples =
        Nd4jIterators.of(new SingletonMultiDataSetIterator(masked.toMultiDataSet()));
    Sample first = samples.iterator(new io.fulgur.data.EpochContext(0, 0)).next();

    assertThat(first.toString())
        .isEqualTo("{features0=F32[2], labels0=F64[1], labelsMask0=F32[1]}");
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, F32",
    "DOUBLE, F64",
    "LONG, I64",
    "INT, I32",
    "UBYTE, U8",
    "BOOL, BOOL",
    "HALF, F32",
    "SHORT, F32"
  })
  void rows_eachType_ofAView(DataType type, DType expected) {
    INDArray all = Nd4j.create(new float[] {9, 9, 9, 1, 0, 9}, 2, 3).castTo(type);
    INDArray view = all.get(NDArrayIndex.interval(1, 2), NDArrayIndex.interval(0, 2));
    Rows rows = Rows.of(java.util.Map.of("x", view));
    Sample sample = rows.next();

    assertThat(sample.get("x").dtype()).isEqualTo(expected);
    assertThat(sample.get("x").get(0)).isEqualTo(1);
    assertThat(sample.get("x").get(1)).isEqualTo(0);
    assertThat(rows.hasNext()).isFalse();
  }

  @Test
  void rows_otherNumberOfSamples_error() {
    var arrays = new java.util.LinkedHashMap<String, INDArray>();
    arrays.put("features", Nd4j.zeros(3, 2));
    arrays.put("labels", Nd4j.zeros(2, 2));

    assertThatThrownBy(() -> Rows.of(arrays)).hasMessageContaining("\"labels\" of an ND4J batch");
  }
}
