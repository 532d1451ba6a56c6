package io.fulgur.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostArray;
import io.fulgur.data.HostBatch;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  @TempDir private Path root;

  private Path write(String path, int type, int... pixels) throws IOException {
    BufferedImage image = new BufferedImage(pixels.length, 1, type);
    for (int i = 0; i < pixels.length; i++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(i, 0, 0, pixels[i]);
      } else {
        image.setRGB(i, 0, pixels[i]);
      }
    }
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, path.substring(path.lastIndexOf('.') + 1), file.toFile());
    return file;
  }

  private void twoClasses() throws IOException {
    write("rose/a.png", BufferedImage.TYPE_INT_RGB, 0x102030, 0xFFFFFF);
    write("daisy/inner/z.bmp", BufferedImage.TYPE_INT_RGB, 0x010203);
    write("daisy/a.PNG", BufferedImage.TYPE_BYTE_GRAY, 7, 100, 255);
    Files.writeString(root.resolve("daisy/notes.txt"), "not an image");
    Files.writeString(root.resolve("daisy/.hidden.png"), "not an image");
    Files.createDirectories(root.resolve(".git"));
  }

  @Test
  void of_folders_classesByNameAndImagesInTheirOrder() throws IOException {
    twoClasses();
    ImageFolder folder = ImageFolder.of(root);

    assertThat(folder.classes()).containsExactly("daisy", "rose");
    assertThat(folder.files())
        .containsExactly(
            root.resolve("daisy/a.PNG"),
            root.resolve("daisy/inner/z.bmp"),
            root.resolve("rose/a.png"));
    assertThat(folder.labels()).containsExactly(0, 0, 1);
    assertThat(folder.toString()).endsWith("of 2 classes (daisy, rose)");
  }

  @Test
  void get_colours_planesOfRedGreenBlue() throws IOException {
    twoClasses();
    Sample rose = ImageFolder.of(root).get(2);

    assertThat(rose.toString()).isEqualTo("{image=U8[3, 1, 2], label=I64[]}");
    assertThat(rose.get("image").bytes()).containsExactly(0x10, -1, 0x20, -1, 0x30, -1);
    assertThat(rose.get("label").longs()).containsExactly(1);
  }

  @Test
  void get_greyImage_storedValuesUnchanged() throws IOException {
    twoClasses();
    ImageFolder folder = ImageFolder.of(root);

    assertThat(folder.get(0).get("image").bytes())
        .containsExactly(7, 100, -1, 7, 100, -1, 7, 100, -1);
    assertThat(folder.grey().get(0).get("image").bytes()).containsExactly(7, 100, -1);
    // Pillow: Image.new("RGB", (1, 1), (1, 2, 3)).convert("L") is 2.
    assertThat(folder.grey().get(1).get("image").bytes()).containsExactly(2);
  }

  @Test
  void loader_workers_decodesAll() throws IOException {
    for (int i = 0; i < 20; i++) {
      write("c" + i % 2 + "/" + i + ".png", BufferedImage.TYPE_INT_RGB, i, i);
    }
    DataLoader loader = DataLoader.builder(ImageFolder.of(root)).batchSize(20).workers(2).build();
    try (BatchIterator batches = loader.iterator()) {
      HostBatch batch = batches.next();
      HostArray images = batch.get("image");
      assertThat(images.toString()).isEqualTo("U8[20, 3, 1, 2]");
      assertThat(batch.get("label").longs())
          .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void get_cutOff_errorNamesTheFile(String format) throws IOException {
    int[] pixels = new int[600];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i * 7919 * 31;
    }
    Path file = write("c/image." + format, BufferedImage.TYPE_INT_RGB, pixels);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));

    assertThatThrownBy(() -> ImageFolder.of(root).get(0))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_DATA_FILE))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("Replace it, or remove it");
  }

  @Test
  void get_noImageInSpiteOfItsName_error() throws IOException {
    Files.createDirectories(root.resolve("c"));
    for (String content : List.of("", "<html>", "\u0089PNG")) {
      Files.writeString(root.resolve("c/page.png"), content);
      assertThatThrownBy(() -> ImageFolder.of(root).get(0))
          .as(content)
          .isInstanceOf(FulgurException.class)
          .hasMessageContaining("page.png");
    }
  }

  @Test
  void of_noFoldersOrNoImages_error() throws IOException {
    assertThatThrownBy(() -> ImageFolder.of(root)).hasMessageContaining("has no folders");
    Files.createDirectories(root.resolve("empty"));
    assertThatThrownBy(() -> ImageFolder.of(root)).hasMessageContaining("empty has no images");
    assertThatThrownBy(() -> ImageFolder.of(root.resolve("none")))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.FILE_UNREADABLE));
  }
}
