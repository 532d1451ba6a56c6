package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class SummaryWriterTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_250L));

  /** One black pixel. */
  private static final byte[] PNG =
      HexFormat.of()
          .parseHex(
              "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
                  + "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082");

  @TempDir Path folder;

  /** The golden file is TensorBoard's own writing, see {@code src/test/reference}. */
  @Test
  void file_withEverySummary_isWhatTensorBoardWritesByteForByte() throws IOException {
    SummaryWriter writer = open();
    writer.addScalar("loss", 0.1, 3);
    Map<String, Double> batch = new LinkedHashMap<>();
    batch.put("train/acc", 0.75);
    batch.put("train/loss", 0.25);
    writer.addScalars(batch, 4);
    writer.addText("note", "**größer**", 5);
    writer.addHistogram("weights", new float[] {-1, 0, 0.5f, 3, 2, 1}, 6, 4);
    writer.addHistogram("equal", new float[] {2.5f, 2.5f}, 7, 2);
    writer.addHistogram("empty", new float[0], 8, 2);
    writer.addImage("digit", PNG, 1, 1, 9);
    writer.addHparams(Map.of("learningRate", 0.001), List.of("val_acc"));
    writer.close(SessionStatus.FAILURE);

    try (InputStream golden = SummaryWriterTest.class.getResourceAsStream("golden.tfevents")) {
      assertThat(Files.readAllBytes(writer.file()))
          .asHexString()
          .isEqualTo(HexFormat.of().withUpperCase().formatHex(golden.readAllBytes()));
    }
  }

  @Test
  void addScalar_withWallTime_isStampedWithIt() {
    try (SummaryWriter writer = open()) {
      writer.addScalar("loss", Double.NaN, 3, 12.5);
      writer.flush();

      assertThat(EventFileReader.scalars(folder, "loss"))
          .containsExactly(new ScalarPoint(3, 12.5, Double.NaN));
    }
  }

  @Test
  void addScalars_mapChangedAfterwards_writesWhatItHeld() {
    try (SummaryWriter writer = open()) {
      Map<String, Double> values = new LinkedHashMap<>(Map.of("a", 1.0));
      writer.addScalars(values, 1);
      values.put("a", 2.0);
      values.put("b", 3.0);
      writer.flush();

      assertThat(EventFileReader.scalars(folder))
          .containsOnlyKeys("a")
          .containsEntry("a", List.of(new ScalarPoint(1, 1_700_000_000.25, 1)));
    }
  }

  @Test
  void addScalars_empty_writesNothing() {
    try (SummaryWriter writer = open()) {
      writer.addScalars(Map.of(), 1);
      writer.flush();

      assertThat(TestEvents.read(folder)).isEmpty();
    }
  }

  @Test
  void addHistogram_arrayChangedAfterwards_countsWhatItHeld() {
    try (SummaryWriter writer = open()) {
      float[] values = {0, 1};
      writer.addHistogram("weights", values, 1);
      values[0] = 100;
      writer.flush();

      Summary.Value value = onlyValue(TestEvents.read(folder).get(0));
      assertThat(value.getTensor().getTensorShape().getDimList())
          .extracting(dim -> dim.getSize())
          .containsExactly(30L, 3L);
      assertThat(value.getTensor().getTensorContent().toByteArray())
          .isEqualTo(Histogram.of(new float[] {0, 1}, 30).toBytes().array());
    }
  }

  @Test
  void addImage_arrayChangedAfterwards_writesWhatItHeld() {
    try (SummaryWriter writer = open()) {
      byte[] png = PNG.clone();
      writer.addImage("digit", png, 1, 1, 1);
      png[0] = 0;
      writer.flush();

      Summary.Value value = onlyValue(TestEvents.read(folder).get(0));
      assertThat(value.getTensor().getStringVal(2).toByteArray()).isEqualTo(PNG);
    }
  }

  @Test
  void addImage_notAPng_isRefused() {
    try (SummaryWriter writer = open()) {
      assertThatThrownBy(() -> writer.addImage("digit", new byte[30], 1, 1, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("The 30 bytes of the image are no PNG file. Encode the image as PNG.");
    }
  }

  @Test
  void addImage_ofAnotherSize_isRefused() {
    try (SummaryWriter writer = open()) {
      assertThatThrownBy(() -> writer.addImage("digit", PNG, 1, 2, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("The image is 1 wide and 1 high, not 1 wide and 2 high as given.");
    }
  }

  @Test
  void addHistogram_noBuckets_isRefused() {
    try (SummaryWriter writer = open()) {
      assertThatThrownBy(() -> writer.addHistogram("weights", new float[1], 1, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("buckets is 0; it must be at least 1.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void everyAdd_blankTag_isRefused(String tag) {
    try (SummaryWriter writer = open()) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> writer.addScalar(tag, 1, 1),
              () -> writer.addScalars(Map.of(tag, 1), 1),
              () -> writer.addText(tag, "", 1),
              () -> writer.addHistogram(tag, new float[0], 1),
              () -> writer.addImage(tag, PNG, 1, 1, 1),
              () -> writer.addHparams(Map.of(tag, 1), List.of()),
              () -> writer.addHparams(Map.of(), List.of(tag)))) {
        assertThatThrownBy(call)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("A tag or name is blank: TensorBoard shows nothing for it.");
      }
      writer.flush();

      assertThat(TestEvents.read(folder)).isEmpty();
    }
  }

  @Test
  void add_afterClose_saysSo() {
    SummaryWriter writer = open();
    writer.close();
    writer.close(SessionStatus.FAILURE);

    assertThatThrownBy(() -> writer.addScalar("loss", 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void openFolder_plainly_writesToANewFileThere() {
    Path run = folder.resolve("run");
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 1);
      writer.flush();

      assertThat(EventFileReader.scalars(run, "loss")).hasSize(1);
    }
  }

  private SummaryWriter open() {
    return new SummaryWriter(EventFileWriter.builder(folder).clock(CLOCK).open());
  }

  private static Summary.Value onlyValue(Event event) {
    assertThat(event.getSummary().getValueCount()).isEqualTo(1);
    return event.getSummary().getValue(0);
  }
}
