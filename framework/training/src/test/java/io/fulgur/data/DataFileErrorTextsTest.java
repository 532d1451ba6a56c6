package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.data.image.ImageFolder;
import io.fulgur.data.image.ImageTransforms;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the whole text of the errors that damaged and misread files of data cause. */
class DataFileErrorTextsTest {
  @TempDir private Path folder;

  private final Map<String, ThrowingCallable> mistakes = new LinkedHashMap<>();

  private Path write(String name, int... bytes) throws IOException {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private void idx() throws IOException {
    Path other = write("other.idx", 'P', 'K', 3, 4);
    Path cut = write("cut.idx", 0, 0, 8, 1, 0, 0, 0, 5, 1, 2);
    Path longer = write("long.idx", 0, 0, 8, 1, 0, 0, 0, 1, 1, 2);
    Path huge = write("huge.idx", 0, 0, 8, 1, 255, 255, 255, 255);
    Path header = write("header.idx", 0, 0, 8);
    Path one = write("one.idx", 0, 0, 8, 1, 0, 0, 0, 1, 9);
    mistakes.put("IDX of another format", () -> IdxReader.read(other));
    mistakes.put("IDX cut off", () -> IdxReader.read(cut));
    mistakes.put("IDX cut off in its header", () -> IdxReader.read(header));
    mistakes.put("IDX too long", () -> IdxReader.read(longer));
    mistakes.put("IDX of too many", () -> IdxReader.read(huge));
    mistakes.put("IDX labels as images", () -> IdxReader.images(one));
  }

  private void binary() throws IOException {
    Path seven = write("seven.bin", 1, 2, 3, 4, 5, 6, 7);
    Path none = write("none.bin");
    mistakes.put("binary cut off", () -> BinaryReader.of(seven).field("x", DType.F32).open());
    mistakes.put("binary empty", () -> BinaryReader.of(none).field("x", DType.F32).open());
    mistakes.put(
        "binary shorter than its header",
        () -> BinaryReader.of(seven).headerBytes(8).field("x", DType.U8).open());
  }

  private void csv() throws IOException {
    Path file = write("kinds.csv", 'r', 'o', 's', 'e', '\n', 'r', 'o', 'e', 's', '\n');
    mistakes.put(
        "CSV of an unknown class",
        () -> CsvReader.of(file).labels("y", 0, List.of("daisy", "rose")).read());
  }

  private void images() throws IOException {
    write("classes/empty/notes.txt", 'x');
    write("broken/c/page.png", '<', 'h', 't', 'm', 'l', '>');
    mistakes.put(
        "image folder without folders", () -> ImageFolder.of(folder.resolve("classes/empty")));
    mistakes.put("no image", () -> ImageFolder.of(folder.resolve("broken")).get(0));
    Sample small = Sample.of("image", HostArray.of(new byte[4], 1, 2, 2));
    mistakes.put(
        "random crop larger than the image",
        () -> ImageTransforms.of("image").randomCrop(3, 3).apply(small, new Generator(0)));
    mistakes.put(
        "random operations in map",
        () -> ImageTransforms.of("image").randomCrop(2, 2).apply(small));
    mistakes.put(
        "image of longs", () -> ImageTransforms.of("image").resize(2).apply(Sample.of("image", 3)));
    mistakes.put("resize to nothing", () -> ImageTransforms.of("image").resize(0, 2));
    mistakes.put("probability", () -> ImageTransforms.of("image").randomVerticalFlip(1.5));
  }

  private void bundles() throws IOException {
    Path file = folder.resolve("data.bundle");
    DataBundle.builder().add("train", TestDatasets.counting(4)).write(file);
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[whole.length - 1] ^= 1;
    Path flipped = Files.write(folder.resolve("flipped.bundle"), changed);
    Path cut = Files.write(folder.resolve("cut.bundle"), Arrays.copyOf(whole, whole.length - 1));
    mistakes.put("bundle with a changed byte", () -> DataBundle.open(flipped));
    mistakes.put("bundle cut off", () -> DataBundle.open(cut));
    mistakes.put("bundle without the data set", () -> DataBundle.open(file).dataset("test"));
    mistakes.put(
        "bundle of samples that differ",
        () ->
            DataBundle.builder()
                .add(
                    "train",
                    new TestDatasets.Counting(3)
                        .map(s -> s.with("y", new float[s.get("x").get(0) == 2 ? 2 : 1])))
                .write(folder.resolve("new.bundle")));
  }

  @Test
  void message_eachMistake_asInTheGoldenFile() throws IOException {
    idx();
    binary();
    csv();
    images();
    bundles();
    StringBuilder texts = new StringBuilder();
    mistakes.forEach(
        (name, mistake) -> {
          FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
          assertThat(e).as(name).isNotNull();
          String text = String.valueOf(e.getMessage()).replace(folder.toString(), "FOLDER");
          texts.append("# ").append(name).append('\n').append(text).append('\n');
        });

    try (InputStream in =
        DataFileErrorTextsTest.class.getResourceAsStream("file-error-texts.txt")) {
      assertThat(texts.toString()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
