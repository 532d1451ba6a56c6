package io.fulgur.data.image;

import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Images in folders, one for each class, as torchvision's {@code ImageFolder}.
 *
 * <pre>{@code
 * ImageFolder flowers = ImageFolder.of(Path.of("flowers/train"));  // daisy/1.jpg, rose/2.png, ...
 * }</pre>
 *
 * <p>A sample has {@code image}, U8 {@code [3, height, width]} in red, green, blue, and {@code
 * label}, I64, the place of its folder in {@link #classes()}, which are sorted by name. A
 * transparent image loses its transparency. Folders within the classes' belong to them, too. Images
 * are decoded when they are read, by {@link ImageIO}: JPEG, PNG, GIF, BMP and TIFF; libraries that
 * add formats to that, such as TwelveMonkeys, need only be on the class path.
 *
 * @since 0.1
 */
public final class ImageFolder implements Dataset {
  private static final int CLASSES_SHOWN = 10;

  private final Path root;
  private final List<String> classes;
  private final List<Path> files;
  private final int[] labels;
  private final boolean isGrey;

  private ImageFolder(
      Path root, List<String> classes, List<Path> files, int[] labels, boolean isGrey) {
    this.root = root;
    this.classes = classes;
    this.files = files;
    this.labels = labels;
    this.isGrey = isGrey;
  }

  /**
   * Finds the images in the folders of a folder.
   *
   * @throws FulgurException if it cannot be read, has no folders, or one of them has no images
   */
  public static ImageFolder of(Path root) {
    Set<String> suffixes =
        Arrays.stream(ImageIO.getReaderFileSuffixes())
            .map(suffix -> suffix.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    try {
      for (Path folder : folders(root)) {
        List<Path> images = images(folder, suffixes);
        if (images.isEmpty()) {
          throw new FulgurException(
              ErrorId.EMPTY_DATASET,
              "Folder %s has no images. Remove it, or put images there whose names end with one of: %s."
                  .formatted(folder, String.join(", ", suffixes.stream().sorted().toList())));
        }
        files.addAll(images);
        images.forEach(image -> labels.add(classes.size()));
        classes.add(folder.getFileName().toString());
      }
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.FILE_UNREADABLE,
          "Folder %s cannot be read: %s. Check the path.".formatted(root.toAbsolutePath(), e),
          e);
    }
    if (classes.isEmpty()) {
      throw new FulgurException(
          ErrorId.EMPTY_DATASET,
          "%s has no folders. It must have one for each class, with the images of that."
              .formatted(root));
    }
    return new ImageFolder(
        root,
        List.copyOf(classes),
        List.copyOf(files),
        labels.stream().mapToInt(label -> label).toArray(),
        /* isGrey= */ false);
  }

  private static List<Path> folders(Path root) throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(entry -> Files.isDirectory(entry) && !isHidden(entry))
          .sorted()
          .toList();
    }
  }

  private static List<Path> images(Path folder, Set<String> suffixes) throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries
          .filter(entry -> !isHidden(entry) && suffixes.contains(suffix(entry)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static boolean isHidden(Path entry) {
    return entry.getFileName().toString().startsWith(".");
  }

  private static String suffix(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** Returns the same images in shades of grey, of shape {@code [1, height, width]}. */
  public ImageFolder grey() {
    return new ImageFolder(root, classes, files, labels, /* isGrey= */ true);
  }

  /** Returns the names of the classes; a label is a place in this list. */
  public List<String> classes() {
    return classes;
  }

  /** Returns the file of each sample. */
  public List<Path> files() {
    return files;
  }

  /** Returns the label of each sample. */
  public int[] labels() {
    return labels.clone();
  }

  @Override
  public long size() {
    return files.size();
  }

  /**
   * Decodes an image.
   *
   * @throws FulgurException if it is no image, or a damaged one; the message names the file
   */
  @Override
  public Sample get(long index) {
    int place = (int) index;
    HostArray image = ImageDecoder.decode(files.get(place), isGrey);
    return Sample.of("image", image).with("label", (long) labels[place]);
  }

  /** Returns e.g. {@code ImageFolder train of 2 classes (daisy, rose)}. */
  @Override
  public String toString() {
    String shown = String.join(", ", classes.subList(0, Math.min(classes.size(), CLASSES_SHOWN)));
    return "ImageFolder %s of %d classes (%s%s)"
        .formatted(
            root.getFileName(),
            classes.size(),
            shown,
            classes.size() > CLASSES_SHOWN ? ", ..." : "");
  }
}
