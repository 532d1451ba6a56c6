package io.fulgur.benchmarks.contestant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassificationDataTest {
  private static final Mlp MLP = Mlp.SMALL;

  private final ClassificationData data = ClassificationData.of(MLP);

  @Test
  void of_sameModel_isTheSameForEveryContestant() {
    ClassificationData again = ClassificationData.of(MLP);

    assertThat(again.features(63)).isEqualTo(data.features(63));
    assertThat(again.labels(511)).isEqualTo(data.labels(511));
  }

  @Test
  void features_haveTheShapeOfABatchAndAreNormal() {
    float[] batch = data.features(0);
    assertThat(batch).hasSize(8 * 32);
    double[] all =
        IntStream.range(0, ClassificationData.FEATURE_BATCHES)
            .mapToObj(data::features)
            .flatMapToDouble(ClassificationDataTest::doubles)
            .toArray();
    assertThat(Arrays.stream(all).average().orElseThrow()).isCloseTo(0, within(0.05));
    // That of the noise, 1, and of the prototypes, 0.5².
    assertThat(Arrays.stream(all).map(x -> x * x).average().orElseThrow())
        .isCloseTo(1.25, within(0.05));
  }

  @Test
  void features_ofImages_haveCoarsePrototypes() {
    ClassificationData images = ClassificationData.of(ImageClassifier.LENET);
    long ofClass = images.labels(0)[0];
    double[] mean = new double[28 * 28];
    int count = 0;
    for (int batch = 0; batch < ClassificationData.FEATURE_BATCHES; batch++) {
      float[] features = images.features(batch);
      long[] labels = images.labels(batch);
      for (int sample = 0; sample < labels.length; sample++) {
        if (labels[sample] == ofClass) {
          count++;
          for (int i = 0; i < mean.length; i++) {
            mean[i] += features[sample * mean.length + i];
          }
        }
      }
    }
    // Rows 0 to 6 and 7 to 13 are of different cells; neighbours in a cell are alike.
    int middle = 3 * 28 + 3;
    assertThat(mean[middle] / count).isCloseTo(mean[middle + 28] / count, within(0.25));
    assertThat(mean[middle] / count).isCloseTo(mean[middle + 3] / count, within(0.25));
  }

  @Test
  void labels_ofOneBatchOfFeatures_agreeExceptForTheNoise() {
    int same = 0;
    int all = 0;
    for (int batch = 0; batch < ClassificationData.FEATURE_BATCHES; batch++) {
      long[] first = data.labels(batch);
      long[] second = data.labels(batch + ClassificationData.FEATURE_BATCHES);
      for (int sample = 0; sample < first.length; sample++) {
        all++;
        same += first[sample] == second[sample] ? 1 : 0;
      }
    }
    // Both as taught, in 0.73 x 0.73 of all cases; both by noise the same, seldom.
    assertThat((double) same / all).isCloseTo(0.54, within(0.08));
  }

  @Test
  void labels_useEveryClass() {
    assertThat(
            IntStream.range(0, ClassificationData.LABEL_BATCHES)
                .mapToObj(data::labels)
                .flatMapToLong(Arrays::stream)
                .distinct()
                .sorted())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void oneHotLabels_haveOneAtTheLabel() {
    long[] labels = data.labels(100);
    float[] expected = new float[labels.length * 10];
    for (int sample = 0; sample < labels.length; sample++) {
      expected[sample * 10 + (int) labels[sample]] = 1;
    }
    assertThat(data.oneHotLabels(100)).isEqualTo(expected);
  }

  @Test
  void batches_ofAStep_pairFeaturesWithTheirOwnLabels() {
    int step = 3 * ClassificationData.LABEL_BATCHES + 70;

    assertThat(ClassificationData.featureBatch(step)).isEqualTo(6);
    assertThat(ClassificationData.labelBatch(step)).isEqualTo(70);
  }

  private static java.util.stream.DoubleStream doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }
}
