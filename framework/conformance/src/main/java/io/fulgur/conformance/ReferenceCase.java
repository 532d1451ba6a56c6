package io.fulgur.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.tensor.DType;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operator with what PyTorch computes for it.
 *
 * @param arguments what is not a tensor: a list or an object
 * @param types the floating-point types that the inputs can be represented in
 * @param inputs null where an optional one is left out
 * @param gradients of {@code sum(output * weight)}, added over the floating-point outputs, for each
 *     floating-point input; empty if the gradient is not looked at
 * @param differences whether finite differences are a check of the gradients here
 */
record ReferenceCase(
    String name,
    String operator,
    JsonNode arguments,
    List<DType> types,
    List<@Nullable Values> inputs,
    List<Values> outputs,
    List<double[]> gradients,
    boolean differences) {

  boolean hasFloatingInput() {
    return present().anyMatch(Values::isFloating);
  }

  boolean isEmpty() {
    return present().anyMatch(Values::isEmpty);
  }

  boolean hasSizeOne() {
    return present().anyMatch(Values::hasSizeOne);
  }

  private Stream<Values> present() {
    return inputs.stream().filter(Objects::nonNull).map(Objects::requireNonNull);
  }

  @Override
  public String toString() {
    return name;
  }
}
