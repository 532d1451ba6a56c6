package io.fulgur.nn;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Padding;
import java.util.Arrays;

/**
 * Padding of the last dimensions, as {@code torch.nn.ZeroPad2d}, {@code ConstantPad1d}, {@code
 * ReflectionPad2d}, {@code ReplicationPad2d}, {@code CircularPad2d} and their like of other numbers
 * of dimensions. Amounts come in pairs, before and behind, from the last dimension on, as {@link
 * Padding} tells.
 *
 * @since 0.1
 */
public final class Pad extends Module {
  @FunctionalInterface
  private interface Mode {
    Tensor pad(Tensor input, int... amounts);
  }

  private final Mode mode;
  private final String name;
  private final int[] amounts;

  private Pad(String name, Mode mode, int... amounts) {
    this.name = name;
    this.mode = mode;
    this.amounts = amounts.clone();
  }

  /** Makes a padding with zeros. */
  public static Pad zeros(int... amounts) {
    return new Pad("zeros", (x, by) -> Padding.constant(x, 0, by), amounts);
  }

  /** Makes a padding with a value. */
  public static Pad constant(double value, int... amounts) {
    return new Pad("constant " + value, (x, by) -> Padding.constant(x, value, by), amounts);
  }

  /** Makes a padding by reflection. */
  public static Pad reflect(int... amounts) {
    return new Pad("reflect", Padding::reflect, amounts);
  }

  /** Makes a padding with the outermost elements. */
  public static Pad replicate(int... amounts) {
    return new Pad("replicate", Padding::replicate, amounts);
  }

  /** Makes a padding with the elements of the other end. */
  public static Pad circular(int... amounts) {
    return new Pad("circular", Padding::circular, amounts);
  }

  @Override
  public Tensor forward(Tensor input) {
    return mode.pad(input, amounts);
  }

  @Override
  public String toString() {
    return "Pad(" + name + ", " + Arrays.toString(amounts) + ")";
  }
}
