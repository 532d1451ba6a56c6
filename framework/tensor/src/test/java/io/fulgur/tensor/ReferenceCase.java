package io.fulgur.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One call of an operator with what PyTorch computes for it; written by {@code make_reference.py}.
 *
 * @param types the floating-point types that the inputs can be represented in
 * @param gradients of {@code sum(output * weight)} for each floating-point input; empty if the
 *     gradient is not looked at
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ReferenceCase(
    String name,
    String op,
    double[] args,
    List<DType> types,
    List<Values> inputs,
    Values output,
    List<double[]> gradients) {

  /** Numbers in row-major order; {@code dtype} is null for any floating-point type. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Values(DType dtype, long[] shape, double[] numbers) {
    boolean isFloating() {
      return dtype == null;
    }

    /** Returns these numbers as a tensor; {@code floating} is the type that stands for "any". */
    Tensor tensor(DType floating, DType integer) {
      Tensor plain = Tensor.of(numbers, shape);
      return switch (isFloating() ? floating : dtype == DType.I64 ? integer : dtype) {
        case F64 -> plain;
        case I64 -> Tensor.of(Arrays.stream(numbers).mapToLong(x -> (long) x).toArray(), shape);
        case I32 -> Tensor.of(Arrays.stream(numbers).mapToInt(x -> (int) x).toArray(), shape);
        case BOOL -> booleans();
        case F32 -> floats();
        case BF16, F16 -> floats().to(floating);
        case U8 -> throw new IllegalArgumentException("No reference is of U8");
      };
    }

    private Tensor floats() {
      float[] floats = new float[numbers.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) numbers[i];
      }
      return Tensor.of(floats, shape);
    }

    private Tensor booleans() {
      boolean[] booleans = new boolean[numbers.length];
      for (int i = 0; i < booleans.length; i++) {
        booleans[i] = numbers[i] != 0;
      }
      return Tensor.of(booleans, shape);
    }
  }

  static List<ReferenceCase> read(String family) {
    try (InputStream in = ReferenceCase.class.getResourceAsStream(family + ".json")) {
      List<ReferenceCase> cases = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(in)) {
        cases.add(read(node));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReferenceCase read(JsonNode node) {
    List<DType> types = new ArrayList<>();
    node.get("types").forEach(type -> types.add(DType.valueOf(type.asText())));
    List<Values> inputs = new ArrayList<>();
    node.get("inputs").forEach(input -> inputs.add(values(input)));
    List<double[]> gradients = new ArrayList<>();
    node.path("grads").forEach(gradient -> gradients.add(numbers(gradient)));
    return new ReferenceCase(
        node.get("name").asText(),
        node.get("op").asText(),
        numbers(node.get("args")),
        types,
        inputs,
        values(node.get("output")),
        gradients);
  }

  private static Values values(JsonNode node) {
    String dtype = node.get("dtype").asText();
    double[] sizes = numbers(node.get("shape"));
    return new Values(
        dtype.equals("FLOAT") ? null : DType.valueOf(dtype),
        Arrays.stream(sizes).mapToLong(x -> (long) x).toArray(),
        numbers(node.get("values")));
  }

  private static double[] numbers(JsonNode list) {
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = list.get(i);
      numbers[i] = number.isTextual() ? Double.parseDouble(number.asText()) : number.doubleValue();
    }
    return numbers;
  }

  boolean hasFloatingInput() {
    return inputs.stream().anyMatch(Values::isFloating);
  }

  /** Returns whether every number is also an {@code int}, and none an index, which is I64. */
  boolean fitsI32() {
    return !op.equals("gather")
        && !op.equals("indexSelect")
        && inputs.stream()
            .flatMapToDouble(v -> Arrays.stream(v.numbers()))
            .allMatch(x -> x == (int) x)
        && Arrays.stream(output.numbers()).allMatch(x -> x == (int) x);
  }

  @Override
  public String toString() {
    return name;
  }
}
