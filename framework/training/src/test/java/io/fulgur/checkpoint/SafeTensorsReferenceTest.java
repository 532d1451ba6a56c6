package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of the format, against a file that another program wrote and against fixed ones. */
class SafeTensorsReferenceTest {
  @TempDir Path folder;

  private Path reference() throws IOException {
    Path file = folder.resolve("reference.safetensors");
    try (InputStream stream = getClass().getResourceAsStream("reference.safetensors")) {
      Files.copy(stream, file);
    }
    return file;
  }

  @Test
  void open_fileOfAnotherProgram_tellsNamesTypesShapesAndMetadata() throws IOException {
    try (SafeTensorsReader reader = SafeTensorsReader.open(reference())) {
      assertThat(reader.metadata())
          .containsOnly(entry("format", "pt"), entry("made by", "make_safetensors.py"));
      assertThat(reader.entries().keySet())
          .containsExactly(
              "labels",
              "running_mean",
              "net.0.weight",
              "empty",
              "indices",
              "bfloat",
              "half",
              "scalar",
              "Gewichtsmaß/重み");
      assertThat(reader.entries().get("net.0.weight"))
          .isEqualTo(new SafeTensorsEntry("net.0.weight", DType.F32, Shape.of(2, 3), 40, 64));
    }
  }

  @Test
  void read_fileOfAnotherProgram_hasItsValues() throws IOException {
    Map<String, Tensor> tensors;
    try (SafeTensorsReader reader = SafeTensorsReader.open(reference())) {
      tensors = reader.readAll();
    }
    assertThat(tensors.get("labels").toLongArray()).containsExactly(0, -1, 1L << 62);
    assertThat(tensors.get("running_mean").toDoubleArray()).containsExactly(0.1, -1e300);
    assertThat(tensors.get("net.0.weight").shape()).isEqualTo(Shape.of(2, 3));
    assertThat(tensors.get("net.0.weight").toFloatArray())
        .containsExactly(1f, -2.5f, 3.25f, 0f, 1e-3f, 6f);
    assertThat(tensors.get("empty").shape()).isEqualTo(Shape.of(0, 4));
    assertThat(tensors.get("indices").toLongArray()).containsExactly(7, -8);
    assertThat(tensors.get("bfloat").dtype()).isEqualTo(DType.BF16);
    assertThat(tensors.get("bfloat").toFloatArray()).containsExactly(1f, -3f);
    assertThat(tensors.get("half").dtype()).isEqualTo(DType.F16);
    assertThat(tensors.get("half").toFloatArray()).containsExactly(1f, -3f);
    assertThat(tensors.get("scalar").shape()).isEqualTo(Shape.SCALAR);
    assertThat(tensors.get("scalar").item()).isEqualTo(200);
    assertThat(tensors.get("Gewichtsmaß/重み").dtype()).isEqualTo(DType.BOOL);
    assertThat(tensors.get("Gewichtsmaß/重み").toLongArray()).containsExactly(1, 0, 1);
  }

  @Test
  void write_twoTensors_givesExactlyTheseBytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.of(new byte[] {1, 2, 3}, 3));
    tensors.put("a", Tensor.of(new float[] {1, -2}, 1, 2));
    Path file = folder.resolve("golden.safetensors");
    SafeTensorsWriter.write(file, tensors, Map.of("format", "pt"));

    byte[] bytes = Files.readAllBytes(file);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"__metadata__":{"format":"pt","fulgur_checksums":"{\\"crc32c\\":{\\"metadata\\":\\"719c1197\\",\
            \\"tensors\\":{\\"a\\":\\"b83e6557\\",\\"b\\":\\"350dfe27\\"}}}"},\
            "a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},\
            "b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}  \
            """);
    assertThat(header % 8).isZero();
    assertThat(HexFormat.of().formatHex(bytes, 8 + header, bytes.length))
        .isEqualTo("0000803f000000c0010203");
  }
}
