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
  void features_haveTheShapeOfABatchAndAreStandardNormal() {
    float[] batch = data.features(0);
    assertThat(batch).hasSize(8 * 32);
    double[] all =
        IntStream.range(0, ClassificationData.FEATURE_BATCHES)
            .mapToObj(data::features)
            .flatMapToDouble(ClassificationDataTest::doubles)
            .toArray();
    assertThat(Arrays.stream(all).average().orElseThrow()).isCloseTo(0, within(0.05));
    assertThat(Arrays.stream(all).map(x -> x * x).average().orElseThrow())
        .isCloseTo(1, within(0.05));
  }

  @Test
  void labels_ofOneBatchOfFeatures_agreeExceptForTheNoise() {
    int same = 0;
    int all = 0;
    for (int batch = 0; batch < ClassificationData.FEATURE_BATCHES; batch++) {
      int[] first = data.labels(batch);
      int[] second = data.labels(batch + ClassificationData.FEATURE_BATCHES);
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
                .flatMap(batch -> Arrays.stream(data.labels(batch)))
                .distinct()
                .sorted())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void oneHotLabels_haveOneAtTheLabel() {
    int[] labels = data.labels(100);
    float[] expected = new float[labels.length * 10];
    for (int sample = 0; sample < labels.length; sample++) {
      expected[sample * 10 + labels[sample]] = 1;
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
