package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Makes tensors larger at their ends, as {@code torch.nn.functional.pad}.
 *
 * <p>Amounts come in pairs, before and behind, from the last dimension on: {@code left, right, top,
 * bottom} for images. Dimensions without a pair stay as they are. An odd number of amounts, more
 * pairs than dimensions, and more padding than a mode can make are a {@link ShapeException}.
 *
 * @since 0.1
 */
public final class Padding {
  private Padding() {}

  /** Pads with a value; negative amounts cut off. */
  public static Tensor constant(Tensor input, double value, int... amounts) {
    check("pad", input, amounts);
    Tensor x = input;
    long[] sizes = x.shape().toArray();
    boolean cuts = false;
    for (int i = 0; i < amounts.length; i += 2) {
      int dim = x.rank() - 1 - i / 2;
      sizes[dim] += amounts[i] + amounts[i + 1];
      cuts |= amounts[i] < 0 || amounts[i + 1] < 0;
      if (sizes[dim] < 0) {
        throw invalid(
            "pad", input, amounts, "cuts off more of dimension " + dim + " than there is");
      }
    }
    Tensor out = Tensor.full(value, x.dtype(), sizes);
    inside(out, x, amounts, 1).assign(inside(x.detach(), x, amounts, -1));
    boolean whole = !cuts;
    return Calls.tracks(x)
        ? Calls.record(
            out,
            "pad",
            (grad, g) -> {
              Tensor kept = inside(grad, x, amounts, 1);
              if (whole) {
                g.give(x, kept);
                return;
              }
              Tensor dx = Tensor.zeros(grad.dtype(), x.shape().toArray());
              inside(dx, x, amounts, -1).assign(kept);
              g.give(x, dx);
            })
        : out;
  }

  /**
   * Returns what input and output have in common.
   *
   * @param sign 1 to look at the output, -1 to look at the input
   */
  private static Tensor inside(Tensor tensor, Tensor input, int[] amounts, int sign) {
    Tensor part = tensor;
    for (int i = 0; i < amounts.length; i += 2) {
      int dim = input.rank() - 1 - i / 2;
      long from = Math.max(0, sign * amounts[i]);
      long to = tensor.size(dim) - Math.max(0, sign * amounts[i + 1]);
      part = part.slice(dim, Math.min(from, to), to);
    }
    return part;
  }

  /**
   * Pads by reflection at the outermost elements, which are not repeated: {@code c b|a b c|b a}.
   */
  public static Tensor reflect(Tensor input, int... amounts) {
    return looked(
        "reflect",
        input,
        amounts,
        1,
        (i, size) -> {
          int folded = Math.abs(i);
          return folded < size ? folded : 2 * (size - 1) - folded;
        });
  }

  /** Pads with the outermost elements: {@code a a|a b c|c c}. */
  public static Tensor replicate(Tensor input, int... amounts) {
    return looked(
        "replicate",
        input,
        amounts,
        Integer.MIN_VALUE,
        (i, size) -> Math.max(0, Math.min(i, size - 1)));
  }

  /** Pads with the elements of the other end: {@code b c|a b c|a b}. */
  public static Tensor circular(Tensor input, int... amounts) {
    return looked("circular", input, amounts, 0, Math::floorMod);
  }

  /** Tells which element of so many is at a place before, in or behind them. */
  @FunctionalInterface
  private interface Source {
    int of(int place, int size);
  }

  /**
   * Pads a dimension after the other.
   *
   * @param unused by how much the padding must be less than the size; hugely negative for any
   */
  private static Tensor looked(
      String mode, Tensor input, int[] amounts, int unused, Source source) {
    check("pad in mode " + mode, input, amounts);
    Tensor padded = input;
    for (int i = 0; i < amounts.length; i += 2) {
      int dim = input.rank() - 1 - i / 2;
      int size = Math.toIntExact(input.size(dim));
      int most = Math.max(amounts[i], amounts[i + 1]);
      if (amounts[i] < 0 || amounts[i + 1] < 0 || size == 0 || (long) most + unused > size) {
        throw invalid(
            "pad in mode " + mode,
            input,
            amounts,
            "dimension %d of size %d can be padded by %s only"
                .formatted(
                    dim,
                    size,
                    unused == Integer.MIN_VALUE ? "0 or more" : "0 to " + (size - unused)));
      }
      if (most > 0) {
        int before = amounts[i];
        padded =
            padded.indexSelect(
                dim, index(size + before + amounts[i + 1], at -> source.of(at - before, size)));
      }
    }
    return padded;
  }

  private static Tensor index(int elements, IntUnaryOperator source) {
    long[] index = new long[elements];
    Arrays.setAll(index, source::applyAsInt);
    return Tensor.of(index, elements);
  }

  private static void check(String name, Tensor input, int... amounts) {
    if (amounts.length % 2 != 0 || amounts.length / 2 > input.rank()) {
      throw invalid(
          name,
          input,
          amounts,
          "needs pairs of amounts, before and behind, from the last dimension on");
    }
  }

  private static ShapeException invalid(String name, Tensor input, int[] amounts, String reason) {
    return ShapeException.invalid(
        "%s of %s by %s: %s".formatted(name, input.shape(), Arrays.toString(amounts), reason));
  }
}
