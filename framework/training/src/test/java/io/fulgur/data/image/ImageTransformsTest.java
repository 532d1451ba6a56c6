package io.fulgur.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.data.ArrayDataset;
import io.fulgur.data.BatchIterator;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.HostBatch;
import io.fulgur.data.LoaderStates;
import io.fulgur.data.Sample;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTransformsTest {
  /** Pixels that tell their place: 1 to {@code height * width}. */
  private static HostArray numbered(int height, int width) {
    byte[] bytes = new byte[height * width];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return HostArray.of(bytes, 1, height, width);
  }

  private static HostArray apply(
      UnaryOperator<ImageTransforms> options, HostArray image, long seed) {
    return options
        .apply(ImageTransforms.of("image"))
        .apply(Sample.of("image", image), new Generator(seed))
        .get("image");
  }

  @Test
  void centerCrop_largerAndSmaller_middleAndBlackMargin() {
    assertThat(apply(t -> t.centerCrop(2, 1), numbered(4, 3), 0).bytes()).containsExactly(5, 8);
    assertThat(apply(t -> t.centerCrop(1, 4), numbered(1, 2), 0).bytes())
        .containsExactly(0, 1, 2, 0);
  }

  @Test
  void randomCrop_manySeeds_everyPlaceOnceInAWhile() {
    Set<List<Byte>> seen =
        LongStream.range(0, 200)
            .mapToObj(seed -> apply(t -> t.randomCrop(2, 2), numbered(3, 3), seed).bytes())
            .map(b -> List.of(b[0], b[1], b[2], b[3]))
            .collect(Collectors.toSet());

    assertThat(seen)
        .containsExactlyInAnyOrder(
            bytes(1, 2, 4, 5), bytes(2, 3, 5, 6), bytes(4, 5, 7, 8), bytes(5, 6, 8, 9));
  }

  private static List<Byte> bytes(int... values) {
    return Arrays.stream(values).mapToObj(value -> (byte) value).toList();
  }

  @Test
  void randomCrop_padding_blackMarginTakesPart() {
    Set<Byte> seen =
        LongStream.range(0, 200)
            .mapToObj(seed -> apply(t -> t.randomCrop(1, 1, 1), numbered(1, 1), seed).bytes()[0])
            .collect(Collectors.toSet());

    assertThat(seen).containsExactlyInAnyOrder((byte) 0, (byte) 1);
  }

  @Test
  void flips_certain_mirrored() {
    HostArray image = numbered(2, 3);

    assertThat(apply(t -> t.randomHorizontalFlip(1), image, 0).bytes())
        .containsExactly(3, 2, 1, 6, 5, 4);
    assertThat(apply(t -> t.randomVerticalFlip(1), image, 0).bytes())
        .containsExactly(4, 5, 6, 1, 2, 3);
    assertThat(apply(t -> t.randomHorizontalFlip(0), image, 0)).isSameAs(image);
  }

  @Test
  void randomHorizontalFlip_half_aboutHalfOfThem() {
    HostArray image = numbered(1, 2);
    long flipped =
        LongStream.range(0, 1000)
            .filter(seed -> apply(t -> t.randomHorizontalFlip(0.5), image, seed).bytes()[0] == 2)
            .count();

    assertThat(flipped).isBetween(430L, 570L);
  }

  @Test
  void resize_shorterSide_keepsProportion() {
    assertThat(apply(t -> t.resize(4), numbered(8, 10), 0).shape().toArray())
        .containsExactly(1, 4, 5);
    assertThat(apply(t -> t.resize(4), numbered(10, 8), 0).shape().toArray())
        .containsExactly(1, 5, 4);
  }

  @Test
  void randomResizedCrop_anyImage_sizeAskedForAndValuesWithin() {
    for (long seed = 0; seed < 50; seed++) {
      // The second is so long that no part of an allowed shape is large enough.
      for (HostArray image : List.of(numbered(9, 12), numbered(1, 100))) {
        HostArray out = apply(t -> t.randomResizedCrop(5, 6), image, seed);
        assertThat(out.shape().toArray()).containsExactly(1, 5, 6);
        for (byte value : out.bytes()) {
          assertThat(value).isBetween((byte) 1, (byte) 108);
        }
      }
    }
  }

  @Test
  void randomAffine_noFreedom_imageStays() {
    HostArray image = numbered(5, 4);

    assertThat(apply(t -> t.randomAffine(0, 0, 1, 1, 0), image, 3)).isEqualTo(image);
    assertThat(apply(t -> t.randomRotation(90), image, 3)).isNotEqualTo(image);
  }

  @Test
  void colorJitter_noFreedom_imageStays_greyImagesToo() {
    HostArray colour = HostArray.of(new byte[] {10, (byte) 200, 3, 99, (byte) 255, 0}, 3, 1, 2);

    assertThat(apply(t -> t.colorJitter(0, 0, 0, 0), colour, 3)).isEqualTo(colour);
    assertThat(apply(t -> t.colorJitter(0, 0, 0.9, 0.5), numbered(2, 2), 3))
        .isEqualTo(numbered(2, 2));
    assertThat(apply(t -> t.colorJitter(0.9, 0, 0, 0), colour, 3)).isNotEqualTo(colour);
  }

  @Test
  void toFloat_bytes_zeroToOne() {
    HostArray out = apply(t -> t.toFloat(), HostArray.of(new byte[] {0, 51, -1}, 1, 1, 3), 0);

    assertThat(out.dtype()).isEqualTo(DType.F32);
    assertThat(out.floats()).containsExactly(new float[] {0, .2f, 1}, within(1e-6f));
    assertThat(apply(t -> t.toFloat(), out, 0)).isSameAs(out);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void augment_anyWorkersAndResume_sameImages(int workers) {
    HostArray images = HostArray.of(new byte[12 * 3 * 8 * 8], 12, 3, 8, 8);
    for (int i = 0; i < images.elements(); i++) {
      images.bytes()[i] = (byte) (i * 31);
    }
    Dataset augmented =
        ArrayDataset.of("image", images)
            .augment(
                ImageTransforms.of("image")
                    .randomAffine(20, .1, .8, 1.2, 10)
                    .randomResizedCrop(6, 6)
                    .randomHorizontalFlip(.5)
                    .colorJitter(.4, .4, .4, .1)
                    .toFloat());
    List<HostArray> expected = read(loader(augmented, 0), 0);
    DataLoader resumed = loader(augmented, workers);
    try (BatchIterator batches = resumed.iterator()) {
      batches.next();
      batches.next();
    }
    DataLoader rest = loader(augmented, workers);
    rest.loadState(resumed.state());

    assertThat(read(loader(augmented, workers), 0)).isEqualTo(expected);
    LoaderStates.assertAt(resumed, 7, 0, 2);
    assertThat(read(rest, 0)).isEqualTo(expected.subList(2, expected.size()));
    assertThat(read(loader(augmented, workers), 1)).isNotEqualTo(expected);
  }

  private static DataLoader loader(Dataset dataset, int workers) {
    return DataLoader.builder(dataset).batchSize(3).shuffle(true).seed(7).workers(workers).build();
  }

  private static List<HostArray> read(DataLoader loader, long epoch) {
    if (epoch > 0) {
      loader.epoch(epoch);
    }
    List<HostArray> images = new ArrayList<>();
    for (HostBatch batch : loader) {
      images.add(batch.get("image"));
    }
    return images;
  }

  @Test
  void map_randomOperations_errorSaysAugment() {
    Dataset mapped =
        ArrayDataset.of("image", HostArray.of(new byte[4], 1, 1, 2, 2))
            .map(ImageTransforms.of("image").randomHorizontalFlip(.5));

    assertThatThrownBy(() -> mapped.get(0))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("Use augment(...)");
  }

  @Test
  void options_outOfRange_error() {
    ImageTransforms none = ImageTransforms.of("image");

    assertThatThrownBy(() -> none.resize(0, 4)).hasMessageContaining("0 x 4");
    assertThatThrownBy(() -> none.randomHorizontalFlip(1.5)).hasMessageContaining("probability");
    assertThatThrownBy(() -> none.colorJitter(0, 0, 0, .6)).hasMessageContaining("hue");
    assertThatThrownBy(() -> none.randomAffine(0, 2, 1, 1, 0)).hasMessageContaining("translate");
    assertThatThrownBy(() -> apply(t -> t.randomCrop(5, 5), numbered(3, 9), 0))
        .hasMessageContaining("3 x 9 pixels");
    assertThatThrownBy(() -> apply(t -> t.resize(2), HostArray.of(new long[4], 1, 2, 2), 0))
        .hasMessageContaining("I64[1, 2, 2]");
  }
}
