package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RecordProperties {
  private static final int FRAME_BYTES = RecordWriter.HEADER_BYTES + RecordWriter.FOOTER_BYTES;

  @Property
  void read_whatWasWritten_isEqual(@ForAll @Size(max = 5) List<byte[]> records) throws IOException {
    RecordReader reader = readerOf(framed(records));

    assertThat(readAll(reader)).containsExactlyElementsOf(records);
    assertThat(reader.isTruncated()).isFalse();
  }

  @Property
  void read_cutAnywhere_yieldsTheWholeRecordsBefore(
      @ForAll @Size(min = 1, max = 4) List<byte[]> records,
      @ForAll @IntRange(max = 999) int permille)
      throws IOException {
    byte[] file = framed(records);
    byte[] cut = Arrays.copyOf(file, file.length * permille / 1000);
    int whole = 0;
    long wholeBytes = 0;
    while (wholeBytes + FRAME_BYTES + records.get(whole).length <= cut.length) {
      wholeBytes += FRAME_BYTES + records.get(whole).length;
      whole++;
    }

    RecordReader reader = readerOf(cut);

    assertThat(readAll(reader)).containsExactlyElementsOf(records.subList(0, whole));
    assertThat(reader.isTruncated()).isEqualTo(wholeBytes < cut.length);
    assertThat(reader.offset()).isEqualTo(wholeBytes);
  }

  @Property
  void read_anyFlippedBit_isReportedAtItsRecord(
      @ForAll @Size(min = 1, max = 4) List<byte[]> records,
      @ForAll @IntRange(max = 999) int permille,
      @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    byte[] file = framed(records);
    int flipped = file.length * permille / 1000;
    file[flipped] ^= (byte) (1 << bit);
    long start = 0;
    for (byte[] record : records) {
      if (start + FRAME_BYTES + record.length > flipped) {
        break;
      }
      start += FRAME_BYTES + record.length;
    }

    assertThatThrownBy(() -> readAll(readerOf(file)))
        .isInstanceOf(EventFileException.class)
        .hasMessageContaining("run.tfevents is corrupt in the record at byte " + start + ":");
  }

  private static byte[] framed(List<byte[]> records) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (RecordWriter writer = new RecordWriter(file)) {
      for (byte[] record : records) {
        writer.write(record);
      }
      writer.flush();
    }
    return file.toByteArray();
  }

  private static RecordReader readerOf(byte[] file) {
    return new RecordReader(Path.of("run.tfevents"), new ByteArrayInputStream(file));
  }

  private static List<byte[]> readAll(RecordReader reader) throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (Optional<byte[]> data = reader.next(); data.isPresent(); data = reader.next()) {
      records.add(data.get());
    }
    return records;
  }
}
