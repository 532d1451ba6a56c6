package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;

class EventFileReaderTest {
  @TempDir Path folder;

  @Test
  void events_truncatedTail_stopsThereAndTellsSo() throws IOException {
    Path file = write("1.tfevents", TestEvents.ofStep(1), TestEvents.ofStep(2));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    long secondRecord = bytes.length / 2;

    try (EventFileReader reader = EventFileReader.open(file)) {
      assertThat(reader.truncatedTails()).isEmpty();
      assertThat(reader.events()).extracting(Event::getStep).containsExactly(1L);
      assertThat(reader.truncatedTails()).containsExactly(new TruncatedTail(file, secondRecord));
    }
  }

  @Test
  void events_completeFile_tellsOfNoTruncation() throws IOException {
    Path file = write("1.tfevents", TestEvents.ofStep(1));

    try (EventFileReader reader = EventFileReader.open(file)) {
      assertThat(reader.events()).hasSize(1);
      assertThat(reader.truncatedTails()).isEmpty();
    }
  }

  @Test
  void events_corruptData_namesFileByteAndChecksums() throws IOException {
    Path file = write("1.tfevents", TestEvents.ofStep(1), TestEvents.ofStep(2));
    byte[] bytes = Files.readAllBytes(file);
    int secondRecord = bytes.length / 2;
    bytes[secondRecord + RecordWriter.HEADER_BYTES + 1] ^= 1;
    Files.write(file, bytes);

    try (EventFileReader reader = EventFileReader.open(file)) {
      assertThatThrownBy(() -> reader.events().toList())
          .isInstanceOf(EventFileException.class)
          .hasMessageMatching(
              "The event file \\Q"
                  + file
                  + "\\E is corrupt in the record at byte "
                  + secondRecord
                  + ": the checksum of its data is [0-9a-f]{8} where [0-9a-f]{8} is stored\\. The"
                  + " records before are sound; limit reading to them, or take the file from a"
                  + " backup\\.");
    }
  }

  @Test
  void events_someOtherFile_saysThatItMayBeNone() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "Not an event file at all.");

    try (EventFileReader reader = EventFileReader.open(file)) {
      assertThatThrownBy(() -> reader.events().toList())
          .isInstanceOf(EventFileException.class)
          .hasMessageMatching(
              "The event file \\S+notes\\.txt is corrupt in the record at byte 0: the checksum of"
                  + " its length is .* is stored\\. If it is an event file at all, it cannot be"
                  + " read\\.");
    }
  }

  @Test
  void events_soundRecordThatIsNoEvent_saysSo() throws IOException {
    Path file = folder.resolve("1.tfevents");
    try (OutputStream stream = Files.newOutputStream(file);
        RecordWriter writer = new RecordWriter(stream)) {
      writer.write(new byte[] {1, 2, 3});
      writer.flush();
    }

    try (EventFileReader reader = EventFileReader.open(file)) {
      assertThatThrownBy(() -> reader.events().toList())
          .isInstanceOf(EventFileException.class)
          .hasMessageContaining("1.tfevents is corrupt in the record at byte 0: it is no event: ");
    }
  }

  @Test
  void events_recordOfNegativeLength_isCorrupt() throws IOException {
    byte[] header = new byte[RecordWriter.HEADER_BYTES];
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
    fields.putInt(Long.BYTES, MaskedCrc32c.of(header, 0, Long.BYTES));
    Path file = Files.write(folder.resolve("1.tfevents"), header);

    try (EventFileReader reader = EventFileReader.open(file)) {
      assertThatThrownBy(() -> reader.events().toList())
          .hasMessageContaining("its length is -1 bytes, more than a message can have");
    }
  }

  @Test
  void events_ofAFolder_areThoseOfItsEventFilesOldestFirst() throws IOException {
    for (long second : List.of(3L, 8L, 1L, 6L, 2L, 7L, 4L, 5L)) {
      write("events.out.tfevents.000000000" + second + ".host.1.0", TestEvents.ofStep(second));
    }
    Files.writeString(folder.resolve("hparams.yaml"), "hidden: 128");
    Path otherRun = Files.createDirectory(folder.resolve("other.tfevents"));
    Files.writeString(otherRun.resolve("1.tfevents"), "not read");

    try (EventFileReader reader = EventFileReader.open(folder)) {
      assertThat(reader.events())
          .extracting(Event::getStep)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }
  }

  @Test
  void events_afterATruncatedFile_goOnWithTheNext() throws IOException {
    Path first = write("1.tfevents", TestEvents.ofStep(1));
    Files.write(first, Arrays.copyOf(Files.readAllBytes(first), 5));
    write("2.tfevents", TestEvents.ofStep(2));

    try (EventFileReader reader = EventFileReader.open(folder)) {
      assertThat(reader.events()).extracting(Event::getStep).containsExactly(2L);
      assertThat(reader.truncatedTails()).containsExactly(new TruncatedTail(first, 0));
    }
  }

  @Test
  void events_afterClose_areAtTheirEnd() throws IOException {
    write("1.tfevents", TestEvents.ofStep(1), TestEvents.ofStep(2));
    write("2.tfevents", TestEvents.ofStep(3));
    EventFileReader reader = EventFileReader.open(folder);
    assertThat(reader.events().findFirst()).contains(TestEvents.ofStep(1));

    reader.close();
    reader.close();

    assertThat(reader.events()).isEmpty();
  }

  @Test
  void open_missingPath_saysSo() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> EventFileReader.open(missing))
        .isInstanceOf(EventFileException.class)
        .hasMessage("Cannot read " + missing + ": no such file or folder. Check the path.");
  }

  @Test
  void open_folderWithoutEventFiles_saysWhatIsExpected() {
    assertThatThrownBy(() -> EventFileReader.open(folder))
        .isInstanceOf(EventFileException.class)
        .hasMessage(
            "No event file in "
                + folder
                + ": none of its files has \"tfevents\" in its name. Give the folder of one run.");
  }

  @Test
  void events_fileGoneMeanwhile_saysSo() throws IOException {
    Path file = write("1.tfevents", TestEvents.ofStep(1));

    try (EventFileReader reader = EventFileReader.open(folder)) {
      Files.delete(file);

      assertThatThrownBy(() -> reader.events().toList())
          .isInstanceOf(EventFileException.class)
          .hasMessage(
              "Cannot read "
                  + file
                  + ": no such file or folder. Check the path and its permissions.");
    }
  }

  @Test
  void scalars_ofEveryForm_areTheSamePoints() throws IOException {
    ByteString packedFloat =
        bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(3));
    ByteString packedDouble =
        bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(5));
    write(
        "1.tfevents",
        event(0, Summary.Value.newBuilder().setTag("simple").setSimpleValue(1)),
        event(1, scalarTensor("tensor", DataType.DT_FLOAT, t -> t.addFloatVal(2))),
        event(2, tensor("tensor", DataType.DT_FLOAT, t -> t.setTensorContent(packedFloat))),
        event(3, tensor("tensor", DataType.DT_DOUBLE, t -> t.addDoubleVal(4))),
        event(4, tensor("tensor", DataType.DT_DOUBLE, t -> t.setTensorContent(packedDouble))),
        event(5, tensor("tensor", DataType.DT_FLOAT, t -> t)),
        event(6, tensor("tensor", DataType.DT_DOUBLE, t -> t)));

    assertThat(EventFileReader.scalars(folder, "simple"))
        .containsExactly(new ScalarPoint(0, 10, 1));
    assertThat(EventFileReader.scalars(folder, "tensor"))
        .containsExactly(
            new ScalarPoint(1, 10, 2),
            new ScalarPoint(2, 10, 3),
            new ScalarPoint(3, 10, 4),
            new ScalarPoint(4, 10, 5),
            new ScalarPoint(5, 10, 0),
            new ScalarPoint(6, 10, 0));
  }

  @Test
  void scalars_ofOtherData_areLeftOut() throws IOException {
    write(
        "1.tfevents",
        event(0, tensor("unnamed", DataType.DT_FLOAT, t -> t.addFloatVal(2))),
        event(0, scalarTensor("words", DataType.DT_STRING, t -> t)),
        event(0, Summary.Value.newBuilder().setTag("old").setImage(Summary.Image.newBuilder())));

    assertThat(EventFileReader.scalars(folder)).isEmpty();
    assertThat(EventFileReader.scalars(folder, "unnamed")).isEmpty();
  }

  private Path write(String name, Event... events) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream stream = Files.newOutputStream(file);
        RecordWriter writer = new RecordWriter(stream)) {
      for (Event event : events) {
        writer.write(event.toByteArray());
      }
      writer.flush();
    }
    return file;
  }

  private static Event event(long step, Summary.Value.Builder value) {
    return Event.newBuilder()
        .setWallTime(10)
        .setStep(step)
        .setSummary(Summary.newBuilder().addValue(value))
        .build();
  }

  private static Summary.Value.Builder tensor(
      String tag, DataType type, UnaryOperator<TensorProto.Builder> fill) {
    return Summary.Value.newBuilder()
        .setTag(tag)
        .setTensor(fill.apply(TensorProto.newBuilder().setDtype(type)));
  }

  private static Summary.Value.Builder scalarTensor(
      String tag, DataType type, UnaryOperator<TensorProto.Builder> fill) {
    return tensor(tag, type, fill)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(SummaryMetadata.PluginData.newBuilder().setPluginName("scalars")));
  }

  private static ByteString bytes(ByteBuffer filled) {
    return ByteString.copyFrom(filled.flip());
  }
}
