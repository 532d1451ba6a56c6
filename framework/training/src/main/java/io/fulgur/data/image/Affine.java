package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.tensor.Generator;

/** Turns, shifts, scales and shears an image around its middle. */
final class Affine implements ImageOperation {
  private final Range degrees;
  private final double translate;
  private final Range scale;
  private final Range shear;

  Affine(Range degrees, double translate, Range scale, Range shear) {
    this.degrees = degrees;
    this.translate = Range.of("translate", translate, translate, 0, 1).from();
    this.scale = scale;
    this.shear = shear;
  }

  @Override
  public HostArray apply(HostArray image, Generator random) {
    Pixels in = Pixels.of(image);
    double angle = degrees.draw(random);
    double right = Math.rint(translate * in.width() * (2 * random.nextDouble() - 1));
    double down = Math.rint(translate * in.height() * (2 * random.nextDouble() - 1));
    double factor = scale.draw(random);
    return affine(in, inverse(angle, right, down, factor, shear.draw(random))).toArray();
  }

  /**
   * Returns the matrix {@code [[a, b, c], [d, e, f]]} that tells for a place in the result where in
   * the image it is from, both measured from the middle. As torchvision's {@code affine}: positive
   * angles turn clockwise, and the image is sheared along x before it is turned.
   */
  static double[] inverse(
      double degrees, double right, double down, double scale, double shearDegrees) {
    double angle = Math.toRadians(degrees);
    double shear = Math.tan(Math.toRadians(shearDegrees));
    double cos = Math.cos(angle) / scale;
    double sin = Math.sin(angle) / scale;
    // The inverse of translate . rotate . shear . scale.
    double a = cos + shear * -sin;
    double b = sin + shear * cos;
    double d = -sin;
    double e = cos;
    return new double[] {a, b, -a * right - b * down, d, e, -d * right - e * down};
  }

  /** Samples an image bilinearly; what is from outside is black. */
  static Pixels affine(Pixels in, double[] matrix) {
    int height = in.height();
    int width = in.width();
    float[] out = new float[in.values().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dx = x + 0.5 - width / 2.0;
        double dy = y + 0.5 - height / 2.0;
        double fromX = matrix[0] * dx + matrix[1] * dy + matrix[2] + width / 2.0 - 0.5;
        double fromY = matrix[3] * dx + matrix[4] * dy + matrix[5] + height / 2.0 - 0.5;
        sample(in, fromX, fromY, out, y * width + x);
      }
    }
    return in.with(height, width, out);
  }

  private static void sample(Pixels in, double x, double y, float[] out, int place) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    float toRight = (float) (x - left);
    float toBottom = (float) (y - top);
    for (int channel = 0; channel < in.channels(); channel++) {
      float upper =
          at(in, channel, top, left) * (1 - toRight) + at(in, channel, top, left + 1) * toRight;
      float lower =
          at(in, channel, top + 1, left) * (1 - toRight)
              + at(in, channel, top + 1, left + 1) * toRight;
      out[channel * in.plane() + place] = upper * (1 - toBottom) + lower * toBottom;
    }
  }

  private static float at(Pixels in, int channel, int y, int x) {
    boolean inside = y >= 0 && y < in.height() && x >= 0 && x < in.width();
    return inside ? in.values()[(channel * in.height() + y) * in.width() + x] : 0;
  }
}
