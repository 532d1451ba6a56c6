package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.checkpoint.SafeTensorsReader;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataBundleTest {
  @TempDir private Path folder;

  private static Dataset mixed(int size) {
    return new TestDatasets.Counting(size)
        .map(
            sample -> {
              float x = (float) sample.get("x").get(0);
              return sample
                  .with("f", new float[] {x, -x, x / 3, 1, 2, 3}, 2, 3)
                  .with("d", x * 1e-9)
                  .with("i", HostArray.of(new int[] {(int) x}))
                  .with("u", HostArray.of(new byte[] {(byte) x, -1}))
                  .with("b", x > 70);
            });
  }

  private Path write() {
    Path file = folder.resolve("data.bundle");
    DataBundle.builder()
        .add("train", mixed(150))
        .add("validation", mixed(1))
        .state("normalize", Map.of("mean", List.of(0.5, 1.5), "name", "f"))
        .write(file);
    return file;
  }

  @Test
  void open_writtenBundle_sameSamplesAndStates() {
    DataBundle bundle = DataBundle.open(write());

    assertThat(bundle.names()).containsExactly("train", "validation");
    assertThat(bundle.state("normalize")).isEqualTo(Map.of("mean", List.of(0.5, 1.5), "name", "f"));
    Dataset train = bundle.dataset("train");
    assertThat(train.size()).isEqualTo(150);
    for (long index : new long[] {0, 63, 64, 149}) {
      assertThat(train.get(index)).isEqualTo(mixed(150).get(index));
    }
    assertThat(bundle.dataset("validation").get(0)).isEqualTo(mixed(1).get(0));
    DataLoader loader = DataLoader.builder(train).batchSize(40).shuffle(true).seed(1).build();
    DataLoader plain = DataLoader.builder(mixed(150)).batchSize(40).shuffle(true).seed(1).build();
    assertThat(TestDatasets.read(loader)).isEqualTo(TestDatasets.read(plain));
    assertThatThrownBy(() -> bundle.dataset("test"))
        .hasMessageContaining("It has: train, validation");
    assertThatThrownBy(() -> bundle.state("scale")).hasMessageContaining("It has: normalize");
  }

  @Test
  void write_file_isSafetensors() {
    try (SafeTensorsReader reader = SafeTensorsReader.open(write())) {
      assertThat(reader.read("train/f").shape().toArray()).containsExactly(150, 2, 3);
      assertThat(reader.read("train/d").toDoubleArray()[149]).isEqualTo(149f * 1e-9);
      assertThat(reader.readAll()).hasSize(12);
    }
  }

  @Test
  void open_anyByteChangedOrCutOff_error() throws IOException {
    Path file = write();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i += 97) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 4;
      Files.write(file, damaged);
      assertThatThrownBy(() -> DataBundle.open(file))
          .as("byte %d", i)
          .isInstanceOf(FulgurException.class)
          .hasMessageContaining(file.toString());
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> DataBundle.open(file))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_DATA_FILE))
        .hasMessageContaining("Delete it and make it anew");
  }

  @Test
  void openOrCreate_sameKey_madeOnceUntilKeyOrFileChange() throws IOException {
    Path file = folder.resolve("cached/data.bundle");
    AtomicInteger made = new AtomicInteger();
    java.util.function.Function<String, DataBundle> open =
        key ->
            DataBundle.openOrCreate(
                file,
                key,
                () -> DataBundle.builder().add("all", mixed(3 + made.getAndIncrement())));

    assertThat(open.apply("v1").dataset("all").size()).isEqualTo(3);
    assertThat(open.apply("v1").key()).isEqualTo("v1");
    assertThat(made).hasValue(1);
    assertThat(open.apply("v2").dataset("all").size()).isEqualTo(4);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    assertThat(open.apply("v2").dataset("all").size()).isEqualTo(5);
    assertThat(made).hasValue(3);
  }

  @Test
  void write_samplesDiffer_errorAndTheOldFileStays() {
    Path file = write();
    Dataset growing =
        new TestDatasets.Counting(5)
            .map(s -> s.with("y", new float[s.get("x").get(0) == 3 ? 2 : 1]));

    assertThatThrownBy(() -> DataBundle.builder().add("train", growing).write(file))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.SAMPLES_DIFFER))
        .hasMessageContaining("Sample 3 of Counting");
    assertThat(DataBundle.open(file).dataset("train").size()).isEqualTo(150);
    assertThat(folder).isDirectoryNotContaining("glob:**tmp*");
  }

  @Test
  void write_emptyOrBadlyNamed_error() {
    DataBundleBuilder builder = DataBundle.builder().add("a", mixed(1));

    assertThatThrownBy(() -> builder.add("a", mixed(1))).hasMessageContaining("\"a\"");
    assertThatThrownBy(() -> builder.add("a/b", mixed(1))).hasMessageContaining("slash");
    builder.add("none", new TestDatasets.Counting(0));
    assertThatThrownBy(() -> builder.write(folder.resolve("x")))
        .hasMessageContaining("\"none\" of the bundle has no samples");
  }
}
