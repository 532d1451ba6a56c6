package io.fulgur.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationReportTest {
  private static Stream<Arguments> reports() {
    Reference reports = Reference.of("reports");
    return Stream.of("binary", "multiclass", "multilabel")
        .flatMap(
            task ->
                IntStream.range(0, reports.node(task).size())
                    .mapToObj(i -> argumentSet(task + " " + i, task, reports.node(task).get(i))));
  }

  private static ClassificationReport report(String task, JsonNode example) {
    int columns = example.get("targets").get(0).size();
    int classes =
        1 + (int) Math.max(highest(example.get("targets")), highest(example.get("predictions")));
    ClassificationReport report =
        switch (task) {
          case "binary" -> ClassificationReport.binary();
          case "multiclass" -> ClassificationReport.multiclass(classes);
          default -> ClassificationReport.multilabel(columns);
        };
    if (example.has("labels")) {
      report =
          report.labels(
              Arrays.stream(Reference.longs(example.get("labels")))
                  .mapToInt(Math::toIntExact)
                  .toArray());
    }
    if (example.has("target_names")) {
      report =
          report.names(
              StreamSupport.stream(example.get("target_names").spliterator(), false)
                  .map(JsonNode::textValue)
                  .toArray(String[]::new));
    }
    return example.has("digits") ? report.digits(example.get("digits").intValue()) : report;
  }

  private static long highest(JsonNode list) {
    return Arrays.stream(tensor(list).toLongArray()).max().orElseThrow();
  }

  private static Tensor tensor(JsonNode list) {
    if (!list.get(0).isArray()) {
      return Tensor.of(Reference.longs(list), list.size());
    }
    long[] values =
        StreamSupport.stream(list.spliterator(), false)
            .flatMapToLong(row -> Arrays.stream(Reference.longs(row)))
            .toArray();
    return Tensor.of(values, list.size(), list.get(0).size());
  }

  @ParameterizedTest
  @MethodSource("reports")
  void toString_everyOption_isTheTextOfScikitLearn(String task, JsonNode example) {
    ClassificationReport report = report(task, example);

    report.update(tensor(example.get("predictions")), tensor(example.get("targets")));

    assertThat(report.compute()).hasToString(example.get("text").textValue());
  }

  @ParameterizedTest
  @MethodSource("reports")
  void compute_batchesMergedAndRestored_isTheSameText(String task, JsonNode example) {
    ClassificationReport first = report(task, example);
    ClassificationReport second = report(task, example);
    Tensor predictions = tensor(example.get("predictions"));
    Tensor targets = tensor(example.get("targets"));
    long all = targets.size(0);
    first.update(predictions.slice(0, 0, 1), targets.slice(0, 0, 1));
    second.update(predictions.slice(0, 1, all), targets.slice(0, 1, all));
    ClassificationReport restored = second.emptyCopy();
    restored.loadState(second.state());

    first.merge(restored);

    assertThat(first.compute()).hasToString(example.get("text").textValue());
  }

  @Test
  void of_anyNumbers_hasARowForEach() {
    ReportTable table =
        ClassificationReport.of(new long[] {-7, 1_000_000, 3}, new long[] {-7, 3, 3});

    assertThat(table.classes())
        .extracting(ReportTable.Row::name)
        .containsExactly("-7", "3", "1000000");
    assertThat(table.classes()).extracting(ReportTable.Row::support).containsExactly(1L, 2L, 0L);
    assertThat(table.accuracy()).isEqualTo(2.0 / 3);
  }

  @Test
  void compute_nothingSeen_isAnError() {
    assertThatThrownBy(() -> ClassificationReport.binary().compute())
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("nothing to report");
  }

  @Test
  void options_thatDoNotFit_areErrors() {
    ClassificationReport report = ClassificationReport.multiclass(3);

    assertThatThrownBy(() -> report.names("a", "b"))
        .hasMessageContaining("the number of names of ClassificationReport is 2, but must be 3");
    assertThatThrownBy(() -> report.labels(0, 3))
        .hasMessageContaining("labels of")
        .hasMessageContaining("is 3, but must be 0 to 2");
    assertThatThrownBy(report::labels).hasMessageContaining("at least one");
    assertThatThrownBy(() -> report.digits(-1)).hasMessageContaining("0 or more");
  }
}
