package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {
  private @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("table.csv");
  }

  private CsvReader reading(String text) throws IOException {
    Files.writeString(file, text);
    return CsvReader.of(file);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void read_columnsByNumber_valuesOfEachRow() throws IOException {
    ArrayDataset dataset =
        reading("0,1.5,3\n4, 5e1 ,6\r\n\n7,8,9").floats("x", 0, 2).longs("label", 2).read();

    assertThat(dataset.values("x"))
        .isEqualTo(HostArray.of(new float[] {0, 1.5f, 4, 50, 7, 8}, 3, 2));
    assertThat(dataset.values("label")).isEqualTo(HostArray.of(new long[] {3, 6, 9}));
  }

  @Test
  void read_columnsByTitle_inTheOrderAskedFor() throws IOException {
    ArrayDataset dataset =
        reading("\uFEFFlength;width;kind\n1;2;0\n3;4;1\n")
            .delimiter(';')
            .header()
            .longs("label", "kind")
            .floats("size", "width", "length")
            .read();

    assertThat(dataset.names()).containsExactly("label", "size");
    assertThat(dataset.values("size")).isEqualTo(HostArray.of(new float[] {2, 1, 4, 3}, 2, 2));
    assertThat(dataset.values("label")).isEqualTo(HostArray.of(new long[] {0, 1}));
  }

  @Test
  void read_packed_asIfUnpacked() throws IOException {
    Files.write(file, gzip("1,2\n3,4\n"));

    assertThat(CsvReader.of(file).longs("y", 1).read().values("y"))
        .isEqualTo(HostArray.of(new long[] {2, 4}));
  }

  @Test
  void read_moreRowsThanTheFirstBuffer_all() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      text.append(i).append(",0.5,").append(-i).append('\n');
    }

    ArrayDataset dataset = reading(text.toString()).floats("x", 0, 2).longs("y", 2).read();

    assertThat(dataset.size()).isEqualTo(1000);
    assertThat(dataset.get(999)).isEqualTo(Sample.of("x", new float[] {999, 0.5f}).with("y", -999));
  }

  @Test
  void read_resource_found() {
    ArrayDataset dataset =
        CsvReader.ofResource(CsvReaderTest.class, "table.csv").longs("y", 0).read();

    assertThat(dataset.values("y")).isEqualTo(HostArray.of(new long[] {1, 2}));
  }

  private static void assertError(CsvReader reader, ErrorId id, String... parts) {
    assertThatThrownBy(reader::read)
        .isInstanceOfSatisfying(FulgurException.class, e -> assertThat(e.id()).isEqualTo(id))
        .hasMessageContainingAll(parts);
  }

  @Test
  void read_notANumber_fileLineAndColumn() throws IOException {
    assertError(
        reading("1,2\n\n3,four\n").floats("x", 0, 2),
        ErrorId.INVALID_CSV,
        file + ", line 3: column 1 is \"four\", which is not a number",
        "\"x\"");
  }

  @Test
  void read_notAnInteger_fileLineAndColumn() throws IOException {
    assertError(
        reading("1\n2.5\n").longs("y", 0),
        ErrorId.INVALID_CSV,
        "line 2: column 0 is \"2.5\", which is not an integer");
  }

  @Test
  void read_emptyField_notANumber() throws IOException {
    assertError(reading("1,\n").floats("x", 0, 2), ErrorId.INVALID_CSV, "line 1: column 1 is \"\"");
  }

  @Test
  void read_shortRow_saysHowManyFields() throws IOException {
    assertError(
        reading("1,2\n3\n").floats("x", 0, 2),
        ErrorId.INVALID_CSV,
        "line 2: there are 1 fields, so no column 1");
  }

  @Test
  void read_unknownTitle_suggestsTheNearest() throws IOException {
    assertError(
        reading("width,kind\n1,2\n").header().longs("y", "kinds"),
        ErrorId.UNKNOWN_NAME,
        "has no \"kinds\"",
        "width, kind",
        "Did you mean \"kind\"?");
  }

  @Test
  void read_titleWithoutHeader_saysHow() throws IOException {
    assertError(reading("1\n").longs("y", "kind"), ErrorId.INVALID_ARGUMENT, "header()");
  }

  @Test
  void read_noColumns_saysHow() throws IOException {
    assertError(reading("1\n"), ErrorId.INVALID_ARGUMENT, "floats(...) or longs(...)");
  }

  @Test
  void read_nothingInTheFile_emptyDataset() throws IOException {
    assertError(reading("").longs("y", 0), ErrorId.EMPTY_DATASET, file.toString());
    assertError(reading("y\n").header().longs("y", 0), ErrorId.EMPTY_DATASET, file.toString());
  }

  @Test
  void read_missingFile_unreadable() {
    assertError(
        CsvReader.of(folder.resolve("none.csv")).longs("y", 0),
        ErrorId.FILE_UNREADABLE,
        "none.csv");
    assertError(
        CsvReader.ofResource(CsvReaderTest.class, "none.csv").longs("y", 0),
        ErrorId.FILE_UNREADABLE,
        "resource none.csv of io.fulgur.data.CsvReaderTest");
  }

  @Test
  void read_truncatedGzip_unreadable() throws IOException {
    byte[] whole = gzip("1,2\n".repeat(1000));
    Files.write(file, Arrays.copyOf(whole, whole.length - 12));

    assertError(CsvReader.of(file).longs("y", 0), ErrorId.FILE_UNREADABLE, file.toString());
  }

  @Test
  void floats_noColumns_invalidArgument() throws IOException {
    CsvReader reader = reading("1\n");

    assertThatThrownBy(() -> reader.floats("x", 2, 2)).hasMessageContaining("[2, 2)");
    assertThatThrownBy(() -> reader.floats("x")).hasMessageContaining("at least one");
    assertThatThrownBy(() -> reader.longs("x", -1)).hasMessageContaining("[-1]");
  }

  @Test
  void labels_namesOfClasses_theirPlaces() throws IOException {
    String text = "length,kind\n1,rose\n2, daisy\n3,rose\n";
    List<String> classes = List.of("daisy", "rose");

    assertThat(reading(text).header().labels("y", "kind", classes).read().values("y").longs())
        .containsExactly(1, 0, 1);
    assertThat(reading("rose\ndaisy").labels("y", 0, classes).read().values("y").longs())
        .containsExactly(1, 0);
    assertThatThrownBy(() -> reading("rose\nroes").labels("y", 0, classes).read())
        .hasMessage(
            "[InvalidCsv] %s, line 2: \"roes\" is none of the classes daisy, rose. It is needed for \"y\"; mend the file, or read other columns."
                .formatted(file));
  }

  @Test
  void missing_textsGiven_areNaN() throws IOException {
    float[] values =
        reading("1,,NA\n").missing("", "NA").floats("x", 0, 3).read().values("x").floats();

    assertThat(values).containsExactly(1, Float.NaN, Float.NaN);
    assertThatThrownBy(() -> reading("1,,NA\n").floats("x", 0, 3).read())
        .hasMessageContaining("column 1 is \"\", which is not a number");
  }
}
