package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryReaderTest {
  private static final int HEADER = 5;
  private static final int RECORD = 1 + 8 + 16 + 8 + 4 + 1;
  private static final int SAMPLES = 7;

  @TempDir private Path folder;

  private Path write(ByteOrder order) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + SAMPLES * RECORD).order(order).position(HEADER);
    for (int i = 0; i < SAMPLES; i++) {
      bytes.put((byte) (250 + i % 3));
      bytes.putFloat(i + .5f).putFloat(-i);
      bytes.putDouble(i * 1e-9).putDouble(i);
      bytes.putLong(i * 1_000_000_007L).putInt(-i).put((byte) (i % 2));
    }
    return Files.write(folder.resolve("records.bin"), bytes.array());
  }

  private static BinaryReader describe(Path file, ByteOrder order) {
    return BinaryReader.of(file)
        .order(order)
        .headerBytes(HEADER)
        .label("label", DType.U8)
        .field("f", DType.F32, 2)
        .field("d", DType.F64, 1, 2)
        .field("l", DType.I64)
        .field("i", DType.I32)
        .field("b", DType.BOOL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
  void open_everyType_samplesAndBatches(String name) throws IOException {
    ByteOrder order = name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    Dataset dataset = describe(write(order), order).open();

    assertThat(dataset.size()).isEqualTo(SAMPLES);
    Sample sample = dataset.get(4);
    assertThat(sample.toString())
        .isEqualTo("{label=I64[], f=F32[2], d=F64[1, 2], l=I64[], i=I32[], b=BOOL[]}");
    assertThat(sample.get("label").longs()).containsExactly(251);
    assertThat(sample.get("f").floats()).containsExactly(4.5f, -4);
    assertThat(sample.get("d").doubles()).containsExactly(4e-9, 4);
    assertThat(sample.get("l").longs()).containsExactly(4_000_000_028L);
    assertThat(sample.get("i").ints()).containsExactly(-4);
    assertThat(dataset.get(3).get("b").booleans()).containsExactly(true);

    DataLoader loader = DataLoader.builder(dataset).batchSize(SAMPLES).workers(2).build();
    HostBatch batch = loader.iterator().next();
    assertThat(batch)
        .hasToString(
            ArrayDataset.copyOf(dataset.map(s -> s))
                .getBatch(SequentialSampler.range(SAMPLES), new HostArrays())
                .toString());
    for (int i = 0; i < SAMPLES; i++) {
      assertThat(batch.get("f").get(2 * i)).isEqualTo(i + .5);
      assertThat(batch.get("label").get(i)).isEqualTo(250 + i % 3);
    }
  }

  @Test
  void open_largerThanOneBuffer_recordsAcrossItsEnds() throws IOException {
    // A sparse file: only the places that are written take room on the disk.
    Path file = folder.resolve("large.bin");
    int record = 1000;
    long samples = 2 * MappedFile.STEP / record + 9;
    long[] told = {0, MappedFile.STEP / record, 2 * MappedFile.STEP / record, samples - 1};
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long index : told) {
        ByteBuffer number = ByteBuffer.allocate(16).putLong(0, index + 1).putLong(8, -index);
        channel.write(number.slice(0, 8), index * record);
        channel.write(number.slice(8, 8), index * record + record - 8);
      }
    }
    Dataset dataset =
        BinaryReader.of(file)
            .order(ByteOrder.BIG_ENDIAN)
            .field("first", DType.I64)
            .field("space", DType.U8, record - 16)
            .field("last", DType.I64)
            .open();

    assertThat(dataset.size()).isEqualTo(samples);
    for (long index : told) {
      assertThat(dataset.get(index).get("first").longs()).containsExactly(index + 1);
      assertThat(dataset.get(index).get("last").longs()).containsExactly(-index);
    }
  }

  @Test
  void open_cutOff_errorTellsTheByte() throws IOException {
    Path file = write(ByteOrder.LITTLE_ENDIAN);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));

    assertThatThrownBy(() -> describe(file, ByteOrder.LITTLE_ENDIAN).open())
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_DATA_FILE))
        .hasMessageContaining("has 270 bytes")
        .hasMessageContaining("the last would end at byte 271");
    Files.write(file, new byte[HEADER]);
    assertThatThrownBy(() -> describe(file, ByteOrder.LITTLE_ENDIAN).open())
        .hasMessageContaining("has no samples");
    Files.write(file, new byte[HEADER - 1]);
    assertThatThrownBy(() -> describe(file, ByteOrder.LITTLE_ENDIAN).open())
        .hasMessageContaining("has 4 bytes");
  }

  @Test
  void options_wrong_error() {
    BinaryReader reader = BinaryReader.of(folder.resolve("none"));

    assertThatThrownBy(reader::open).hasMessageContaining("takes 0 bytes");
    assertThatThrownBy(() -> reader.field("x", DType.F16)).hasMessageContaining("F16");
    assertThatThrownBy(() -> reader.label("x", DType.F32)).hasMessageContaining("I64, I32");
    assertThatThrownBy(() -> reader.headerBytes(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> reader.field("x", DType.U8).open())
        .hasMessageContaining("There is no file");
  }
}
