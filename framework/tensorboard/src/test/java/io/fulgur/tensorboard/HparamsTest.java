package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Value;
import io.fulgur.tensorboard.proto.DataType;
import io.fulgur.tensorboard.proto.Experiment;
import io.fulgur.tensorboard.proto.HParamInfo;
import io.fulgur.tensorboard.proto.HParamsPluginData;
import io.fulgur.tensorboard.proto.SessionEndInfo;
import io.fulgur.tensorboard.proto.SessionStartInfo;
import io.fulgur.tensorboard.proto.Status;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class HparamsTest {
  private static final double NOW = 1_700_000_000.25;

  @TempDir Path folder;

  @Test
  void addHparams_valuesOfEveryKind_areTypedOrStrings() {
    Map<String, Object> hparams = new LinkedHashMap<>();
    hparams.put("amsgrad", true);
    hparams.put("hidden", 128);
    hparams.put("dropout", 0.1f);
    hparams.put("learningRate", 1e-3);
    hparams.put("seed", 1L << 53);
    hparams.put("largeSeed", (1L << 53) + 1);
    hparams.put("clip", Double.POSITIVE_INFINITY);
    hparams.put("optimizer", "adamw");
    hparams.put("unit", TimeUnit.SECONDS);
    hparams.put("layers", List.of(1, 2));
    hparams.put("betas", new double[] {0.9, 0.999});
    hparams.put("none", null);

    try (SummaryWriter writer = open()) {
      writer.addHparams(hparams, List.of());
    }

    SessionStartInfo start = contents().get(1).getSessionStartInfo();
    assertThat(start.getStartTimeSecs()).isEqualTo(NOW);
    assertThat(start.getHparamsMap())
        .containsOnly(
            entry("amsgrad", Value.newBuilder().setBoolValue(true).build()),
            entry("hidden", number(128)),
            entry("dropout", number(0.1)),
            entry("learningRate", number(1e-3)),
            entry("seed", number(9_007_199_254_740_992.0)),
            entry("largeSeed", text("9007199254740993")),
            entry("clip", text("Infinity")),
            entry("optimizer", text("adamw")),
            entry("unit", text("SECONDS")),
            entry("layers", text("[1, 2]")),
            entry("betas", text("[0.9, 0.999]")),
            entry("none", text("null")));
  }

  @Test
  void addHparams_experiment_namesColumnsWithTypesAndMetrics() {
    Map<String, Object> hparams = new LinkedHashMap<>();
    hparams.put("amsgrad", false);
    hparams.put("hidden", 128);
    hparams.put("optimizer", "adamw");

    try (SummaryWriter writer = open()) {
      writer.addHparams(hparams, List.of("val_loss", "val_acc"));
    }

    Experiment experiment = contents().get(0).getExperiment();
    assertThat(experiment.getTimeCreatedSecs()).isEqualTo(NOW);
    assertThat(experiment.getHparamInfosList())
        .extracting(HParamInfo::getName, HParamInfo::getType)
        .containsExactly(
            tuple("amsgrad", DataType.DATA_TYPE_BOOL),
            tuple("hidden", DataType.DATA_TYPE_FLOAT64),
            tuple("optimizer", DataType.DATA_TYPE_STRING));
    assertThat(experiment.getMetricInfosList())
        .extracting(metric -> metric.getName().getTag())
        .containsExactly("val_loss", "val_acc");
  }

  @Test
  void addHparams_summaries_haveTheTagsAndTheTensorTensorBoardAsksFor() {
    try (SummaryWriter writer = open()) {
      writer.addHparams(Map.of("hidden", 128), List.of());
    }

    List<Summary.Value> values = values();
    assertThat(values)
        .extracting(Summary.Value::getTag)
        .containsExactly(
            "_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info");
    assertThat(values)
        .allSatisfy(
            value -> {
              assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("hparams");
              assertThat(value.getTensor().getTensorShape().getDimList())
                  .singleElement()
                  .satisfies(dim -> assertThat(dim.getSize()).isZero());
            });
    assertThat(contents()).allSatisfy(content -> assertThat(content.getVersion()).isZero());
  }

  @Test
  void addHparams_withInitialMetrics_addsThemAtStepZero() {
    try (SummaryWriter writer = open()) {
      writer.addHparams(Map.of("hidden", 128), Map.of("val_acc", 0.5));
    }

    assertThat(contents().get(0).getExperiment().getMetricInfosList())
        .singleElement()
        .satisfies(metric -> assertThat(metric.getName().getTag()).isEqualTo("val_acc"));
    assertThat(EventFileReader.scalars(folder, "val_acc"))
        .containsExactly(new ScalarPoint(0, NOW, 0.5));
  }

  @ParameterizedTest
  @CsvSource({"SUCCESS, STATUS_SUCCESS, 1", "FAILURE, STATUS_FAILURE, 2"})
  void close_withStatus_endsTheSessionWithIt(SessionStatus status, Status expected, int number) {
    SummaryWriter writer = open();
    writer.addHparams(Map.of("hidden", 128), List.of());
    writer.close(status);
    writer.close(SessionStatus.SUCCESS);

    SessionEndInfo end = contents().get(2).getSessionEndInfo();
    assertThat(contents()).hasSize(3);
    assertThat(end.getEndTimeSecs()).isEqualTo(NOW);
    assertThat(end.getStatus()).isEqualTo(expected);
    assertThat(end.getStatusValue()).isEqualTo(number);
  }

  @Test
  void close_withoutStatus_isSuccess() {
    try (SummaryWriter writer = open()) {
      writer.addHparams(Map.of("hidden", 128), List.of());
    }

    assertThat(contents().get(2).getSessionEndInfo().getStatus()).isEqualTo(Status.STATUS_SUCCESS);
  }

  @Test
  void close_withoutHparams_writesNoSession() {
    open().close(SessionStatus.FAILURE);

    assertThat(TestEvents.read(folder)).isEmpty();
  }

  @Test
  void addHparams_again_saysThatTheFirstCount() {
    try (SummaryWriter writer = open()) {
      writer.addHparams(Map.of("hidden", 128), List.of());

      assertThatThrownBy(() -> writer.addHparams(Map.of("hidden", 64), List.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "The event file "
                  + writer.file()
                  + " holds hyperparameters already, and TensorBoard reads only the first of a run."
                  + " Add all of them in one call.");
    }
  }

  @Test
  void close_diskIsFull_throwsAndStillClosesTheFile() {
    FailingDisk disk = new FailingDisk(40);
    SummaryWriter writer = new SummaryWriter(EventFileWriter.builder(folder).opener(disk).open());
    writer.addHparams(Map.of("hidden", 128), List.of());
    assertThatThrownBy(writer::flush).isInstanceOf(EventFileException.class);

    assertThatThrownBy(() -> writer.close(SessionStatus.SUCCESS))
        .isInstanceOf(EventFileException.class)
        .hasMessageContaining("No space left on device");
    assertThat(disk.isClosed()).isTrue();
  }

  private SummaryWriter open() {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_250L));
    return new SummaryWriter(EventFileWriter.builder(folder).clock(clock).open());
  }

  private List<Summary.Value> values() {
    List<Summary.Value> values = new ArrayList<>();
    for (Event event : TestEvents.read(folder)) {
      values.addAll(event.getSummary().getValueList());
    }
    return Collections.unmodifiableList(values);
  }

  private List<HParamsPluginData> contents() {
    List<HParamsPluginData> contents = new ArrayList<>();
    for (Summary.Value value : values()) {
      if (value.getMetadata().getPluginData().getPluginName().equals("hparams")) {
        contents.add(parsed(value));
      }
    }
    return contents;
  }

  private static HParamsPluginData parsed(Summary.Value value) {
    try {
      return HParamsPluginData.parseFrom(value.getMetadata().getPluginData().getContent());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Value number(double value) {
    return Value.newBuilder().setNumberValue(value).build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
