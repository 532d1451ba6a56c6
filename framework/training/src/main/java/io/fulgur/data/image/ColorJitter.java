package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Generator;

/** Varies brightness, contrast, saturation and hue, in random order. */
final class ColorJitter implements ImageOperation {
  // ITU-R BT.601.
  private static final float RED = 0.2989f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private final Range brightness;
  private final Range contrast;
  private final Range saturation;
  private final Range hue;

  ColorJitter(Range brightness, Range contrast, Range saturation, Range hue) {
    this.brightness = brightness;
    this.contrast = contrast;
    this.saturation = saturation;
    this.hue = hue;
  }

  @Override
  public HostArray apply(HostArray image, Generator random) {
    Pixels pixels = Pixels.of(image);
    float[] factors = {
      (float) brightness.draw(random),
      (float) contrast.draw(random),
      (float) saturation.draw(random),
      (float) hue.draw(random)
    };
    int[] order = {0, 1, 2, 3};
    for (int i = order.length - 1; i > 0; i--) {
      int j = (int) random.nextLong(i + 1L);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    for (int each : order) {
      switch (each) {
        case 0 -> brighten(pixels, factors[0]);
        case 1 -> contrast(pixels, factors[1]);
        case 2 -> saturate(pixels, factors[2]);
        default -> turnHue(pixels, factors[3]);
      }
    }
    return pixels.toArray();
  }

  static void brighten(Pixels pixels, float factor) {
    float[] values = pixels.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = clamp(factor * values[i], pixels.white());
    }
  }

  /** Blends with the mean grey. */
  static void contrast(Pixels pixels, float factor) {
    double sum = 0;
    for (int i = 0; i < pixels.plane(); i++) {
      sum += grey(pixels, i);
    }
    float mean = (float) (sum / pixels.plane());
    float[] values = pixels.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = clamp(factor * values[i] + (1 - factor) * mean, pixels.white());
    }
  }

  /** Blends every pixel with its own grey. */
  static void saturate(Pixels pixels, float factor) {
    if (pixels.channels() != 3) {
      return;
    }
    float[] values = pixels.values();
    for (int i = 0; i < pixels.plane(); i++) {
      float grey = grey(pixels, i);
      for (int at = i; at < values.length; at += pixels.plane()) {
        values[at] = clamp(factor * values[at] + (1 - factor) * grey, pixels.white());
      }
    }
  }

  private static float grey(Pixels pixels, int place) {
    float[] values = pixels.values();
    if (pixels.channels() != 3) {
      return values[place];
    }
    int plane = pixels.plane();
    return RED * values[place] + GREEN * values[place + plane] + BLUE * values[place + 2 * plane];
  }

  /**
   * Turns the hue by a part of the circle, at constant value and saturation.
   *
   * <p>A. R. Smith, "Color gamut transform pairs", SIGGRAPH 1978.
   */
  static void turnHue(Pixels pixels, float turn) {
    if (pixels.channels() != 3 || turn == 0) {
      return;
    }
    float[] values = pixels.values();
    int plane = pixels.plane();
    float[] rgb = new float[3];
    for (int i = 0; i < plane; i++) {
      rgb[0] = values[i];
      rgb[1] = values[i + plane];
      rgb[2] = values[i + 2 * plane];
      turnHue(rgb, turn);
      values[i] = rgb[0];
      values[i + plane] = rgb[1];
      values[i + 2 * plane] = rgb[2];
    }
  }

  private static void turnHue(float[] rgb, float turn) {
    float most = Math.max(rgb[0], Math.max(rgb[1], rgb[2]));
    float range = most - Math.min(rgb[0], Math.min(rgb[1], rgb[2]));
    if (range == 0) {
      return;
    }
    float sixth;
    if (most == rgb[0]) {
      sixth = (rgb[1] - rgb[2]) / range;
    } else if (most == rgb[1]) {
      sixth = 2 + (rgb[2] - rgb[0]) / range;
    } else {
      sixth = 4 + (rgb[0] - rgb[1]) / range;
    }
    float hue = sixth + 6 * turn;
    for (int channel = 0; channel < 3; channel++) {
      // Each channel falls to the lowest value and rises again, a third of the circle apart.
      float k = 5 - 2 * channel + hue;
      k -= 6 * (float) Math.floor(k / 6);
      rgb[channel] = most - range * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
    }
  }

  private static float clamp(float value, float white) {
    return Math.max(0, Math.min(white, value));
  }
}
