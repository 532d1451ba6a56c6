package io.fulgur.tensor.functional;

import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An equation of {@link Einsum} applied to operands.
 *
 * <p>A dimension's label is its letter, or {@code -1, -2, ...} for the dimensions of an ellipsis,
 * counted from its end, so that those of different rank line up.
 *
 * @param inputs the labels of each operand's dimensions
 * @param output the labels of the result's dimensions
 * @param size the broadcast size of each label
 */
record EinsumEquation(List<List<Integer>> inputs, List<Integer> output, Map<Integer, Long> size) {

  static EinsumEquation parse(String equation, Tensor... operands) {
    String compact = equation.replace(" ", "");
    int arrow = compact.indexOf("->");
    String left = arrow < 0 ? compact : compact.substring(0, arrow);
    String[] terms = left.split(",", -1);
    Shape[] shapes = Arrays.stream(operands).map(Tensor::shape).toArray(Shape[]::new);
    if (terms.length != operands.length) {
      throw wrong(
          equation,
          "it has " + terms.length + " terms for " + operands.length + " operands",
          shapes);
    }
    int broadcast = 0;
    List<List<Integer>> inputs = new ArrayList<>();
    Map<Integer, Long> size = new HashMap<>();
    for (int i = 0; i < terms.length; i++) {
      List<Integer> labels = labels(equation, terms[i], shapes[i].rank(), shapes);
      inputs.add(labels);
      for (int d = 0; d < labels.size(); d++) {
        int label = labels.get(d);
        broadcast = Math.max(broadcast, -label);
        long here = shapes[i].size(d);
        long before = size.getOrDefault(label, 1L);
        if (here != before && here != 1 && before != 1) {
          throw wrong(
              equation, "\"" + name(label) + "\" is both " + before + " and " + here, shapes);
        }
        size.put(label, before == 1 ? here : before);
      }
    }
    requireEqualDiagonals(equation, inputs, shapes);
    List<Integer> output =
        arrow < 0
            ? implied(inputs, broadcast)
            : output(equation, compact.substring(arrow + 2), broadcast, shapes);
    for (int label : output) {
      if (!size.containsKey(label)) {
        throw wrong(equation, "\"" + name(label) + "\" of the result is in no term", shapes);
      }
      if (output.indexOf(label) != output.lastIndexOf(label)) {
        throw wrong(equation, "\"" + name(label) + "\" is in the result twice", shapes);
      }
    }
    return new EinsumEquation(inputs, output, size);
  }

  long[] sizes(List<Integer> labels) {
    return labels.stream().mapToLong(size::get).toArray();
  }

  /** The result's labels; further dimensions that it does not name are summed. */
  private static List<Integer> output(String equation, String term, int broadcast, Shape[] shapes) {
    int letters = term.replace("...", "").length();
    return labels(equation, term, term.contains("...") ? letters + broadcast : letters, shapes);
  }

  private static List<Integer> labels(String equation, String term, int rank, Shape[] shapes) {
    int ellipsis = term.indexOf("...");
    String letters = term.replace("...", "");
    if (!letters.chars().allMatch(EinsumEquation::isLetter)
        || term.length() - letters.length() > 3) {
      throw wrong(
          equation, "\"" + term + "\" is not letters with at most one \"...\" among them", shapes);
    }
    int further = rank - letters.length();
    if (further < 0 || (further > 0 && ellipsis < 0)) {
      throw wrong(
          equation,
          "\"" + term + "\" has " + letters.length() + " letters for " + rank + " dimensions",
          shapes);
    }
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      if (i == ellipsis) {
        addFurther(labels, further);
      }
      labels.add((int) letters.charAt(i));
    }
    if (ellipsis == letters.length()) {
      addFurther(labels, further);
    }
    return labels;
  }

  private static void addFurther(List<Integer> labels, int count) {
    for (int i = count; i > 0; i--) {
      labels.add(-i);
    }
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static void requireEqualDiagonals(
      String equation, List<List<Integer>> inputs, Shape[] shapes) {
    for (int i = 0; i < shapes.length; i++) {
      List<Integer> labels = inputs.get(i);
      for (int d = 0; d < labels.size(); d++) {
        if (shapes[i].size(labels.indexOf(labels.get(d))) != shapes[i].size(d)) {
          throw wrong(
              equation,
              "\"" + name(labels.get(d)) + "\" is repeated for dimensions of different size",
              shapes);
        }
      }
    }
  }

  /** The further dimensions, then the letters that occur once, in alphabetical order. */
  private static List<Integer> implied(List<List<Integer>> inputs, int broadcast) {
    Map<Integer, Integer> occurrences = new TreeMap<>();
    inputs.forEach(labels -> labels.forEach(l -> occurrences.merge(l, 1, Integer::sum)));
    List<Integer> output = new ArrayList<>();
    addFurther(output, broadcast);
    occurrences.forEach(
        (label, count) -> {
          if (label > 0 && count == 1) {
            output.add(label);
          }
        });
    return output;
  }

  private static String name(int label) {
    return label < 0 ? "..." : String.valueOf((char) label);
  }

  private static ShapeException wrong(String equation, String reason, Shape... shapes) {
    return ShapeException.mismatch("einsum \"" + equation + "\"", reason, shapes);
  }
}
