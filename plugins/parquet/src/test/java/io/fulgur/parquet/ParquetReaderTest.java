package io.fulgur.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import io.fulgur.checkpoint.State;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetReaderTest {
  private static final List<String> KINDS = List.of("daisy", "rose");

  @TempDir private Path folder;
  private Path file;

  record Flower(
      double length, Integer petals, boolean wild, List<Float> colour, String kind, long id) {}

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("flowers.parquet");
    List<Flower> flowers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      flowers.add(
          new Flower(i / 2.0, i, i % 2 == 0, List.of(i * .1f, -1f), KINDS.get(i % 2), 1L << 40));
    }
    write(flowers);
  }

  private void write(List<Flower> flowers) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        CarpetWriter<Flower> writer = new CarpetWriter<>(out, Flower.class)) {
      writer.write(flowers);
    }
  }

  private ParquetReader reader() {
    return ParquetReader.of(file)
        .floats("size", "length", "petals", "wild", "colour")
        .longs("id", "id")
        .labels("label", "kind", KINDS);
  }

  @Test
  void read_numbersListsAndClasses_valuesOfEachRow() {
    ArrayDataset flowers = reader().read();

    assertThat(flowers.size()).isEqualTo(100);
    assertThat(flowers.get(3).toString()).isEqualTo("{size=F32[5], id=I64[], label=I64[]}");
    assertThat(flowers.get(3).get("size").floats()).containsExactly(1.5f, 3, 0, 3 * .1f, -1);
    assertThat(flowers.get(3).get("id").longs()).containsExactly(1L << 40);
    assertThat(flowers.get(3).get("label").longs()).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void stream_twoEpochsAndResume_allRows(int workers) {
    DataLoader loader =
        DataLoader.builder(reader().stream()).batchSize(30).seed(1).workers(workers).build();
    for (int epoch = 0; epoch < 2; epoch++) {
      List<Double> petals = new ArrayList<>();
      for (HostBatch batch : loader) {
        for (int i = 0; i < batch.size(); i++) {
          petals.add(batch.get("size").get(5 * i + 1));
        }
      }
      assertThat(petals).hasSize(100).isSorted().endsWith(99.0);
    }
    loader.loadState(State.builder().put("seed", 1).put("epoch", 0).put("batches", 2).build());
    assertThat(loader.iterator().next().get("size").get(1)).isEqualTo(60);
  }

  @Test
  void read_cutOffOrOtherFormat_errorNamesTheFile() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 3, 40, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> reader().read())
          .as("%d bytes", length)
          .isInstanceOfSatisfying(
              FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_DATA_FILE))
          .hasMessageContaining(file.toString());
    }
    Files.delete(file);
    assertThatThrownBy(() -> reader().read()).hasMessageContaining("cannot be read");
  }

  @Test
  void read_pageDamaged_errorNamesTheFile() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, 200, (byte) 0x7F);
    Files.write(file, bytes);

    assertThatThrownBy(() -> reader().read())
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_DATA_FILE))
        .hasMessageContaining(file.toString());
  }

  @Test
  void read_wrongColumns_errorNamesRowAndColumn() throws IOException {
    ParquetReader misspelt = ParquetReader.of(file).floats("x", "lenght");
    assertThatThrownBy(misspelt::read)
        .hasMessageContaining("row 0: there is no column \"lenght\"")
        .hasMessageContaining("Did you mean \"length\"?");
    assertThatThrownBy(() -> ParquetReader.of(file).longs("x", "length").read())
        .hasMessageContaining("row 0: column \"length\" is Double 0.0, which is not an integer");
    assertThatThrownBy(() -> ParquetReader.of(file).labels("x", "kind", List.of("daisy")).read())
        .hasMessageContaining("row 1: column \"kind\"")
        .hasMessageContaining("not one of the classes daisy");
    write(List.of(new Flower(1, null, true, List.of(), "rose", 0)));
    assertThatThrownBy(() -> ParquetReader.of(file).floats("x", "petals").read())
        .hasMessageContaining("is null, which is not a number");
    write(List.of());
    assertThatThrownBy(() -> reader().read()).hasMessageContaining("has no rows");
    assertThatThrownBy(() -> ParquetReader.of(file).read()).hasMessageContaining("No columns");
  }
}
