package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.data.RandomTransform;
import io.fulgur.data.Sample;
import io.fulgur.data.Transform;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations on the image of a sample, one after the other.
 *
 * <pre>{@code
 * Dataset training =
 *     images.augment(
 *         ImageTransforms.of("image")
 *             .randomResizedCrop(224, 224)
 *             .randomHorizontalFlip(0.5)
 *             .colorJitter(0.4, 0.4, 0.4, 0.1)
 *             .toFloat());
 * Dataset validation = images.map(ImageTransforms.of("image").resize(256).centerCrop(224, 224).toFloat());
 * }</pre>
 *
 * <p>They are those of {@code torchvision.transforms}, with its defaults, on images of shape {@code
 * [channels, height, width]}, of type U8 (0 to 255) or F32 (0 to 1); the type stays except for
 * {@link #toFloat}, and values of U8 are rounded to the nearest after each operation. Random ones
 * draw from the loader's numbers for the sample only, so the results do not depend on the number of
 * workers. Immutable.
 *
 * @since 0.1
 */
public final class ImageTransforms implements RandomTransform, Transform {
  private static final Range AREA = new Range(0.08, 1);
  private static final Range RATIO = new Range(3.0 / 4, 4.0 / 3);
  private static final double HALF_TURN = 180;
  private static final double MOST_SHEAR = 89;
  private static final double MOST_HUE = 0.5;

  private final String name;
  private final List<ImageOperation> operations;
  private final boolean isRandom;

  private ImageTransforms(String name, List<ImageOperation> operations, boolean isRandom) {
    this.name = name;
    this.operations = operations;
    this.isRandom = isRandom;
  }

  /** Starts without an operation. */
  public static ImageTransforms of(String name) {
    return new ImageTransforms(name, List.of(), /* isRandom= */ false);
  }

  private ImageTransforms then(ImageOperation operation, boolean random) {
    List<ImageOperation> more = new ArrayList<>(operations);
    more.add(operation);
    return new ImageTransforms(name, List.copyOf(more), isRandom || random);
  }

  /** Adds an operation of the user's own. */
  public ImageTransforms with(ImageOperation operation) {
    return then(operation, /* random= */ true);
  }

  /**
   * Resamples to a size, bilinearly, with a filter wide enough that nothing is skipped ({@code
   * antialias=True}).
   */
  public ImageTransforms resize(int height, int width) {
    return then(new Resize(height, width), /* random= */ false);
  }

  /** Resamples so that the shorter side gets a size; the longer one keeps its proportion to it. */
  public ImageTransforms resize(int shorterSide) {
    Pixels.checkSize("resize", shorterSide, shorterSide);
    return then(
        (image, random) -> {
          Pixels in = Pixels.of(image);
          boolean upright = in.width() <= in.height();
          int height =
              upright ? (int) ((long) shorterSide * in.height() / in.width()) : shorterSide;
          int width = upright ? shorterSide : (int) ((long) shorterSide * in.width() / in.height());
          return Resize.resized(in, height, width).toArray();
        },
        /* random= */ false);
  }

  /** Cuts out the middle; an image that is smaller gets a black margin. */
  public ImageTransforms centerCrop(int height, int width) {
    return then(Crops.center(height, width), /* random= */ false);
  }

  /** Cuts out a part at random. */
  public ImageTransforms randomCrop(int height, int width) {
    return randomCrop(height, width, /* padding= */ 0);
  }

  /**
   * Cuts out a part at random, of the image with a black margin.
   *
   * @param padding width of the margin in pixels, on each side
   */
  public ImageTransforms randomCrop(int height, int width, int padding) {
    return then(Crops.random(height, width, padding), /* random= */ true);
  }

  /**
   * Cuts out a part of 8 to 100 % of the area with sides in a proportion of 3:4 to 4:3, and
   * resamples it to a size.
   */
  public ImageTransforms randomResizedCrop(int height, int width) {
    return then(Crops.randomResized(height, width, AREA, RATIO), /* random= */ true);
  }

  /**
   * As {@link #randomResizedCrop(int, int)} with parts of other areas.
   *
   * @param leastArea least part of the area, above 0
   * @param mostArea greatest part of the area, at most 1
   */
  public ImageTransforms randomResizedCrop(
      int height, int width, double leastArea, double mostArea) {
    Range area = Range.of("area", leastArea, mostArea, Double.MIN_VALUE, 1);
    return then(Crops.randomResized(height, width, area, RATIO), /* random= */ true);
  }

  /** Swaps left and right with a probability. */
  public ImageTransforms randomHorizontalFlip(double probability) {
    Range.of("probability", probability, probability, 0, 1);
    return then(Crops.flip(probability, /* horizontal= */ true), /* random= */ true);
  }

  /** Swaps top and bottom with a probability. */
  public ImageTransforms randomVerticalFlip(double probability) {
    Range.of("probability", probability, probability, 0, 1);
    return then(Crops.flip(probability, /* horizontal= */ false), /* random= */ true);
  }

  /** Turns by an angle of up to so many degrees, in either direction. */
  public ImageTransforms randomRotation(double degrees) {
    return randomAffine(degrees, 0, 1, 1, 0);
  }

  /**
   * Turns, shifts, scales and shears around the middle, bilinearly; what comes in from outside is
   * black.
   *
   * @param degrees greatest angle, in either direction
   * @param translate greatest shift as a part of each side, from 0 to 1
   * @param leastScale least factor, above 0
   * @param mostScale greatest factor
   * @param shearDegrees greatest angle of the shear along x, in either direction
   */
  public ImageTransforms randomAffine(
      double degrees, double translate, double leastScale, double mostScale, double shearDegrees) {
    Range.of("degrees", degrees, degrees, 0, HALF_TURN);
    Range.of("shearDegrees", shearDegrees, shearDegrees, 0, MOST_SHEAR);
    return then(
        new Affine(
            new Range(-degrees, degrees),
            translate,
            Range.of("scale", leastScale, mostScale, Double.MIN_VALUE, Double.MAX_VALUE),
            new Range(-shearDegrees, shearDegrees)),
        /* random= */ true);
  }

  /**
   * Varies the colours, in random order. The first three are factors from {@code max(0, 1 -
   * strength)} to {@code 1 + strength}; grey images have no saturation and no hue.
   *
   * @param brightness strength, 0 or more
   * @param contrast strength, 0 or more
   * @param saturation strength, 0 or more
   * @param hue greatest turn of the colour circle in either direction, from 0 to 0.5
   */
  public ImageTransforms colorJitter(
      double brightness, double contrast, double saturation, double hue) {
    Range.of("hue", hue, hue, 0, MOST_HUE);
    return then(
        new ColorJitter(
            Range.aroundOne("brightness", brightness),
            Range.aroundOne("contrast", contrast),
            Range.aroundOne("saturation", saturation),
            new Range(-hue, hue)),
        /* random= */ true);
  }

  /** Makes F32 from 0 to 1 of U8. */
  public ImageTransforms toFloat() {
    return then(Crops::toFloat, /* random= */ false);
  }

  @Override
  public Sample apply(Sample sample, Generator random) {
    HostArray image = sample.get(name);
    for (ImageOperation operation : operations) {
      image = operation.apply(image, random);
    }
    return sample.with(name, image);
  }

  /**
   * Applies operations none of which is random.
   *
   * @throws FulgurException if one is, or is the user's own; use {@code augment} for those
   */
  @Override
  public Sample apply(Sample sample) {
    if (isRandom) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "Random operations on \"%s\" were given to map(...), which has no random numbers. Use augment(...)."
              .formatted(name));
    }
    return apply(sample, new Generator(0));
  }
}
