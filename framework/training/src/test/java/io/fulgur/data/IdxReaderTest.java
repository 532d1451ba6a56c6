package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxReaderTest {
  @TempDir private Path folder;

  private static byte[] idx(int type, ByteBuffer body, int... sizes) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + body.capacity());
    file.putInt(type << 8 | sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(body.rewind()).array();
  }

  private Path write(byte[] content, boolean packed) throws IOException {
    Path file = folder.resolve("array" + (packed ? ".gz" : ""));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packed ? new GZIPOutputStream(bytes) : bytes) {
      out.write(content);
    }
    Files.write(file, bytes.toByteArray());
    return file;
  }

  private static byte[] twoImages() {
    byte[] pixels = new byte[12];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 23);
    }
    return idx(0x08, ByteBuffer.wrap(pixels), 2, 3, 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void images_bytes_oneChannel(boolean packed) throws IOException {
    ArrayDataset images = IdxReader.images(write(twoImages(), packed));

    assertThat(images.size()).isEqualTo(2);
    HostArray second = images.get(1).get("image");
    assertThat(second.toString()).isEqualTo("U8[1, 3, 2]");
    assertThat(second.get(5)).isEqualTo(11 * 23);
  }

  @Test
  void labels_bytes_longs() throws IOException {
    ByteBuffer body = ByteBuffer.wrap(new byte[] {3, (byte) 200, 0});
    HostArray labels = IdxReader.labels(write(idx(0x08, body, 3), false));

    assertThat(labels.longs()).containsExactly(3, 200, 0);
  }

  @ParameterizedTest
  @CsvSource({"9, I32", "11, I32", "12, I32", "13, F32", "14, F64"})
  void read_eachType_valuesOfIt(int type, DType expected) throws IOException {
    ByteBuffer body = ByteBuffer.allocate(type == 9 ? 2 : type == 11 ? 4 : type == 14 ? 16 : 8);
    switch (type) {
      case 9 -> body.put((byte) -7).put((byte) 5);
      case 11 -> body.putShort((short) -700).putShort((short) 5);
      case 12 -> body.putInt(-700_000).putInt(5);
      case 13 -> body.putFloat(-0.5f).putFloat(5);
      default -> body.putDouble(-0.5).putDouble(5);
    }
    HostArray array = IdxReader.read(write(idx(type, body, 2), false));

    assertThat(array.dtype()).isEqualTo(expected);
    assertThat(array.get(0))
        .isEqualTo(type > 12 ? -0.5 : type == 9 ? -7 : type == 11 ? -700 : -7e5);
    assertThat(array.get(1)).isEqualTo(5);
  }

  private void assertInvalid(byte[] content, boolean packed, String message) throws IOException {
    Path file = write(content, packed);
    assertThatThrownBy(() -> IdxReader.read(file))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_DATA_FILE))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_cutOffAtAnyByte_errorNamesFileAndWhere(boolean packed) throws IOException {
    byte[] whole = twoImages();
    for (int length = 0; length < whole.length; length++) {
      assertInvalid(
          Arrays.copyOf(whole, length), packed, length < 16 ? "cut off" : "ends at byte " + length);
    }
    assertInvalid(
        Arrays.copyOf(whole, whole.length + 1), packed, "ends at byte 28, but it goes on");
  }

  @Test
  void read_gzipCutOff_error() throws IOException {
    Path file = write(twoImages(), true);
    byte[] packed = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(packed, packed.length - 9));

    assertThatThrownBy(() -> IdxReader.read(file))
        .hasMessageContaining("gzip file that was cut off");
  }

  @Test
  void read_otherFormatOrNone_errorSaysWhatIsThere() throws IOException {
    assertInvalid(
        "hello world".getBytes(StandardCharsets.US_ASCII), false, "first four bytes are 68656c6c");
    assertInvalid(idx(0x08, ByteBuffer.allocate(0), -1, -1), false, "more than fits");
    assertThatThrownBy(() -> IdxReader.read(folder.resolve("none")))
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> IdxReader.labels(write(twoImages(), false)))
        .hasMessageContaining("U8[2, 3, 2]");
    ByteBuffer four = ByteBuffer.allocate(4);
    assertThatThrownBy(() -> IdxReader.images(write(idx(0x08, four, 4), false)))
        .hasMessageContaining("U8[4]");
  }
}
