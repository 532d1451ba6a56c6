package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files: always our error with the file's name, never another one, never wrong values. */
class SafeTensorsCorruptionTest {
  @TempDir Path folder;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void writeSmallFile() throws IOException {
    file = folder.resolve("small.ckpt");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weight", Tensor.of(new float[] {1, 2, 3}, 3));
    tensors.put("labels", Tensor.of(new long[] {4}, 1));
    SafeTensorsWriter.write(file, tensors, Map.of("epoch", "3"));
    whole = Files.readAllBytes(file);
  }

  private Throwable readError() {
    return catchThrowable(
        () -> {
          try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
            reader.readAll();
          }
        });
  }

  private void assertCorrupt(String problem) {
    assertThat(readError())
        .isInstanceOf(FulgurException.class)
        .hasMessageStartingWith("[CheckpointCorrupt] " + file)
        .hasMessageContaining(problem);
  }

  @Test
  void read_fileCutOffAtAnyByte_isReported() throws IOException {
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(readError())
          .as("cut off at byte %d", length)
          .isInstanceOf(FulgurException.class)
          .hasMessageStartingWith("[CheckpointCorrupt] " + file);
    }
  }

  @Test
  void read_anyBitFlipped_isReported() throws IOException {
    int key = new String(whole, StandardCharsets.ISO_8859_1).indexOf(Checksums.KEY);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      int index = bit / 8;
      if (index >= key && index < key + Checksums.KEY.length()) {
        continue; // Without that name there are no checksums, and everything else is unharmed.
      }
      byte[] damaged = whole.clone();
      damaged[index] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertThat(readError())
          .as("bit %d of byte %d", bit % 8, index)
          .isInstanceOf(FulgurException.class)
          .hasMessageStartingWith("[CheckpointCorrupt] " + file);
    }
  }

  @Test
  void read_changedData_namesTheTensor() throws IOException {
    whole[whole.length - 1] ^= 1;
    Files.write(file, whole);
    assertCorrupt(
        "tensor \"weight\", 12 bytes from 8 of its data, does not match the checksum in the file");
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertThat(reader.read("labels").toLongArray()).containsExactly(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dtype\":\"I64, dtype\":\"F64, 'tensor \"labels\", 8 bytes from 0'",
    "labels\":{, lobels\":{, 'tensor \"labels\" is not in it'",
    "epoch\":\"3, epoch\":\"4, its metadata"
  })
  void read_plausibleHeaderThatWasChanged_isReported(String old, String changed, String problem)
      throws IOException {
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(old);
    Files.write(file, text.replace(old, changed).getBytes(StandardCharsets.ISO_8859_1));
    assertCorrupt(problem);
  }

  @Test
  void open_bytesAppended_isReported() throws IOException {
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertCorrupt(
        "its tensors take 20 bytes, but 21 follow the header: something has been appended");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 60, Long.MAX_VALUE, -1, Long.MIN_VALUE, 100_000_001})
  void open_hugeHeaderLength_isReportedWithoutAllocating(long length) throws IOException {
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Files.write(file, bytes);
    assertCorrupt(
        "its first 8 bytes tell of a header of "
            + Long.toUnsignedString(length)
            + " bytes, but 100000000 are allowed");
  }

  @Test
  void open_headerLongerThanTheFile_isReported() throws IOException {
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_000);
    Files.write(file, whole);
    assertCorrupt("but the file ends at byte " + whole.length + ": it was cut off");
  }

  @Test
  void open_fileOfPyTorch_saysHowToConvertIt() throws IOException {
    Files.write(file, new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8, 0, 0});
    assertCorrupt("safetensors.torch.save_file");
    Files.write(
        file, new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc, (byte) 0x9c, 0x46});
    assertCorrupt("safetensors.torch.save_file");
  }

  private void writeHeader(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(text.length).put(text).array());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                          | 0 | must start with "{"
          {} x                                                        | 0 | not valid JSON at character
          {} {}                                                       | 0 | something follows the JSON object
          {"a":                                                       | 0 | not valid JSON at character
          {"a":1}                                                     | 0 | its entry "a" is not an object
          {"a":{}}                                                    | 0 | "a" has dtype none
          {"a":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}      | 2 | "a" has dtype "I16", but Fulgur knows only I64, F64, F32
          {"a":{"dtype":"F32","data_offsets":[0,4]}}                  | 4 | "a" has no list shape
          {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}     | 4 | shape of "a" must be non-negative integers, but are [-1]
          {"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}    | 4 | shape of "a" must be non-negative integers
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}        | 4 | data_offsets of "a" must be a begin and an end
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}      | 4 | data_offsets of "a" must be a begin and an end
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}      | 4 | "a" takes 4 bytes of data from 0 to 4, but F32 of shape [2] takes 8
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}      | 8 | "a" begins at byte 4 of the data, but the tensors before it end at 0: there is a gap
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}} | 6 | "b" begins at byte 2 of the data, but the tensors before it end at 4: there is an overlap
          {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}  | 4 | Duplicate
          {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}       | 3 | its tensors take 4 bytes, but 3 follow the header: the file was cut off
          {"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}} | 4 | "a" has a shape of more than 2^63 bytes
          {"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}} | 4 | shape of "a" must be non-negative integers
          {"__metadata__":{"x":1}}                                    | 0 | its metadata "x" is not a text
          {"__metadata__":[]}                                         | 0 | its entry __metadata__ is not an object
          {"__metadata__":{"fulgur_checksums":"{"}}                   | 0 | its metadata "fulgur_checksums" is not valid JSON
          """)
  void open_headerThatLies_isReported(String header, int dataBytes, String problem)
      throws IOException {
    writeHeader(header, dataBytes);
    assertCorrupt(problem);
  }

  @Test
  void open_headerNestedDeeply_isReported() throws IOException {
    writeHeader("{\"a\":" + "[".repeat(1_000_000), 0);
    assertCorrupt("its header");
  }

  @Test
  void open_headerThatIsNotUtf8_isReported() throws IOException {
    writeHeader("{}", 0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[9] = (byte) 0xFF;
    Files.write(file, bytes);
    assertCorrupt("its header is not UTF-8 text");
  }

  @Test
  void open_emptyHeader_hasNoTensors() throws IOException {
    writeHeader("{}", 0);
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertThat(reader.readAll()).isEmpty();
      assertThat(reader.metadata()).isEmpty();
    }
  }

  @Test
  void open_missingFile_namesThoseBesideIt() {
    assertThatThrownBy(() -> SafeTensorsReader.open(folder.resolve("smal.ckpt")))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[CheckpointNotFound] There is no file %s. In its folder: small.ckpt.",
            folder.resolve("smal.ckpt").toAbsolutePath());
    assertThatThrownBy(() -> SafeTensorsReader.open(folder.resolve("no/last.ckpt")))
        .hasMessageContaining("Its folder does not exist either");
  }

  @Test
  void open_folder_isReported() {
    assertThatThrownBy(() -> SafeTensorsReader.open(folder))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.FILE_UNREADABLE))
        .hasMessageContaining(folder + " is a folder");
  }

  @Test
  void read_unknownName_listsTheNames() {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertThatThrownBy(() -> reader.read("wieght"))
          .isInstanceOf(FulgurException.class)
          .hasMessageContaining("has no tensor \"wieght\". It has: labels, weight.");
    }
  }

  @Test
  void write_reservedNames_areRefused() {
    Path other = folder.resolve("other.ckpt");
    assertThatThrownBy(
            () ->
                SafeTensorsWriter.write(other, Map.of("__metadata__", Tensor.scalar(1)), Map.of()))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("__metadata__");
    assertThatThrownBy(
            () -> SafeTensorsWriter.write(other, Map.of(), Map.of("fulgur_checksums", "")))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("fulgur_checksums");
    assertThat(other).doesNotExist();
  }
}
