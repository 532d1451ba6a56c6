package io.fulgur.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricCollectionTest {
  private static final Tensor PREDICTED = Tensor.of(new long[] {0, 1, 1, 2}, 4);
  private static final Tensor ACTUAL = Tensor.of(new long[] {0, 1, 2, 2}, 4);

  private static MetricCollection collection() {
    return MetricCollection.of(
        "accuracy",
        Accuracy.multiclass(3),
        "recall",
        Recall.multiclass(3).average(Average.MACRO),
        "matrix",
        ConfusionMatrix.multiclass(3));
  }

  @Test
  void update_allMetrics_seeTheBatch() {
    MetricCollection metrics = collection().update(PREDICTED, ACTUAL);
    MetricCollection arrays =
        collection().update(HostArray.of(new long[] {0, 1}), HostArray.of(new long[] {0, 2}));

    assertThat(metrics.compute())
        .containsExactly(Map.entry("accuracy", 0.75), Map.entry("recall", 2.5 / 3));
    assertThat(metrics.get("matrix", ConfusionMatrix.class).compute()[2]).containsExactly(0, 1, 1);
    assertThat(arrays.compute()).containsEntry("accuracy", 0.5);
  }

  @Test
  void withPrefix_copies_areApart() {
    MetricCollection metrics = collection().update(PREDICTED, ACTUAL);
    MetricCollection validation = metrics.withPrefix("val_");

    validation.update(PREDICTED, PREDICTED);

    assertThat(validation.compute()).containsOnlyKeys("val_accuracy", "val_recall");
    assertThat(validation.compute().get("val_accuracy")).isEqualTo(1);
    assertThat(metrics.compute().get("accuracy")).isEqualTo(0.75);
  }

  @Test
  void mergeAndState_allMetrics_goOn() {
    MetricCollection first = collection().update(PREDICTED, ACTUAL);
    MetricCollection second = first.emptyCopy();
    second.loadState(first.state());
    second.update(PREDICTED, PREDICTED);

    first.merge(second);

    assertThat(first.compute().get("accuracy")).isEqualTo(10.0 / 12);
    first.reset();
    assertThat(first.compute().get("accuracy")).isNaN();
  }

  @Test
  void of_noneOrOneTwice_isAnError() {
    Accuracy accuracy = Accuracy.multiclass(3);
    assertThatThrownBy(() -> MetricCollection.of(new LinkedHashMap<>()))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> MetricCollection.of("a", accuracy, "b", accuracy))
        .hasMessageContaining("[a, b], of which two are the same object");
  }

  @Test
  void get_wrongNameOrClass_isAnError() {
    assertThatThrownBy(() -> collection().get("recall", Accuracy.class))
        .hasMessageContaining("no Accuracy of the name \"recall\"");
    assertThatThrownBy(() -> collection().get("acc", Accuracy.class))
        .hasMessageContaining("no Accuracy of the name \"acc\"");
  }

  @Test
  void merge_otherNames_isAnError() {
    assertThatThrownBy(() -> collection().merge(collection().withPrefix("val_")))
        .hasMessageContaining("cannot be merged");
  }
}
