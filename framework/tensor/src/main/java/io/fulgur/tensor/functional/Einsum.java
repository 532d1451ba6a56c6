package io.fulgur.tensor.functional;

import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sums of products by Einstein's convention, as {@code torch.einsum}.
 *
 * @since 0.1
 */
public final class Einsum {
  /*
   * How: an operand at a time. Repeated letters of an operand become its diagonal. Letters that
   * occur in no later operand nor in the result are summed as soon as possible: by a matrix product
   * where both sides have them, by a sum where one has. Each pair is brought to
   * [batch, left, contracted] and [batch, contracted, right] by permute and reshape.
   */

  private Einsum() {}

  /**
   * Returns the sum of products that an equation describes.
   *
   * <pre>{@code
   * einsum("ij,jk->ik", a, b)          // matrix product
   * einsum("bhqd,bhkd->bhqk", q, k)    // attention scores
   * einsum("...ii->...i", a)           // diagonals
   * einsum("i,j", a, b)                // outer product
   * }</pre>
   *
   * @param equation a term of letters for each operand, separated by commas, one letter a
   *     dimension; {@code ...} stands for any further dimensions, which broadcast. After {@code ->}
   *     the letters of the result; without it, those that occur once, in alphabetical order, after
   *     the further dimensions. Blanks are skipped
   * @param operands of one floating-point type
   * @throws ShapeException if the equation cannot be read or the operands do not fit it
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    EinsumEquation parsed = EinsumEquation.parse(equation, operands);
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      terms.add(diagonal(operands[i], parsed.inputs().get(i)));
    }
    Term result = terms.get(0);
    for (int i = 1; i < terms.size(); i++) {
      Set<Integer> needed = new LinkedHashSet<>(parsed.output());
      for (Term later : terms.subList(i + 1, terms.size())) {
        needed.addAll(later.labels);
      }
      result = product(result, terms.get(i), needed, parsed);
    }
    return ordered(summed(result, new LinkedHashSet<>(parsed.output())), List.of(parsed.output()));
  }

  /** A tensor with a label for each dimension, none twice. */
  private record Term(Tensor tensor, List<Integer> labels) {
    long size(int label) {
      int at = labels.indexOf(label);
      return at < 0 ? 1 : tensor.size(at);
    }
  }

  /** Takes the diagonal of dimensions with one label. */
  private static Term diagonal(Tensor tensor, List<Integer> labels) {
    Tensor x = tensor;
    List<Integer> left = new ArrayList<>(labels);
    for (int i = 0; i < left.size(); i++) {
      int again = left.lastIndexOf(left.get(i));
      if (again != i) {
        left.add(left.get(i));
        left.remove(again);
        left.remove(i);
        x = Rearranging.diagonal(x, 0, i, again);
        i = -1;
      }
    }
    return new Term(x, left);
  }

  /** Sums the dimensions that are not needed. */
  private static Term summed(Term term, Set<Integer> needed) {
    List<Integer> left = new ArrayList<>();
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < term.labels.size(); i++) {
      if (needed.contains(term.labels.get(i))) {
        left.add(term.labels.get(i));
      } else {
        dims.add(i);
      }
    }
    return dims.isEmpty()
        ? term
        : new Term(term.tensor.sum(/* keepDim= */ false, ints(dims)), left);
  }

  private static Term product(Term a, Term b, Set<Integer> needed, EinsumEquation equation) {
    Set<Integer> neededLeft = new LinkedHashSet<>(needed);
    neededLeft.addAll(b.labels);
    Term x = summed(a, neededLeft);
    Set<Integer> neededRight = new LinkedHashSet<>(needed);
    neededRight.addAll(x.labels);
    Term y = summed(b, neededRight);
    List<Integer> batch = new ArrayList<>();
    List<Integer> contracted = new ArrayList<>();
    List<Integer> left = new ArrayList<>();
    for (int label : x.labels) {
      (!y.labels.contains(label) ? left : needed.contains(label) ? batch : contracted).add(label);
    }
    List<Integer> right = new ArrayList<>(y.labels);
    right.removeAll(batch);
    right.removeAll(contracted);
    long[] batchSizes = equation.sizes(batch);
    long[] contractedSizes = equation.sizes(contracted);
    Tensor p = grouped(x, batch, batchSizes, left, contracted, contractedSizes);
    Tensor q = grouped(y, batch, batchSizes, contracted, contractedSizes, right);
    List<Integer> labels = new ArrayList<>(batch);
    labels.addAll(left);
    labels.addAll(right);
    long[] sizes = new long[labels.size()];
    for (int i = 0; i < sizes.length; i++) {
      int label = labels.get(i);
      sizes[i] = Math.max(x.size(label), y.size(label));
      sizes[i] = x.size(label) == 0 || y.size(label) == 0 ? 0 : sizes[i];
    }
    return new Term(p.matmul(q).reshape(sizes), labels);
  }

  /** Returns {@code [batch, left, contracted]}; batch and contracted dimensions broadcast. */
  private static Tensor grouped(
      Term term,
      List<Integer> batch,
      long[] batchSizes,
      List<Integer> own,
      List<Integer> contracted,
      long[] contractedSizes) {
    long[] ownSizes = sizes(term, own);
    Tensor spread =
        ordered(term, List.of(batch, own, contracted))
            .expand(join(batchSizes, ownSizes, contractedSizes));
    return spread.reshape(product(batchSizes), product(ownSizes), product(contractedSizes));
  }

  /** Returns {@code [batch, contracted, right]}; batch and contracted dimensions broadcast. */
  private static Tensor grouped(
      Term term,
      List<Integer> batch,
      long[] batchSizes,
      List<Integer> contracted,
      long[] contractedSizes,
      List<Integer> own) {
    long[] ownSizes = sizes(term, own);
    Tensor spread =
        ordered(term, List.of(batch, contracted, own))
            .expand(join(batchSizes, contractedSizes, ownSizes));
    return spread.reshape(product(batchSizes), product(contractedSizes), product(ownSizes));
  }

  private static Tensor ordered(Term term, List<List<Integer>> groups) {
    List<Integer> order = new ArrayList<>();
    for (List<Integer> group : groups) {
      for (int label : group) {
        order.add(term.labels.indexOf(label));
      }
    }
    return term.tensor.permute(ints(order));
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long[] sizes(Term term, List<Integer> labels) {
    return labels.stream().mapToLong(term::size).toArray();
  }

  private static long[] join(long[] a, long[] b, long[] c) {
    long[] joined = Arrays.copyOf(a, a.length + b.length + c.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    System.arraycopy(c, 0, joined, a.length + b.length, c.length);
    return joined;
  }

  private static long product(long[] sizes) {
    return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }
}
