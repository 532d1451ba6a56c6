package io.fulgur.nn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;

/** Numbers of PyTorch that {@code src/test/reference/make_reference.py} wrote. */
public final class Reference {
  private Reference() {}

  /** Reads one of the files. */
  public static JsonNode read(String file) {
    try (InputStream in = Reference.class.getResourceAsStream("/io/fulgur/nn/" + file)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an array of a file as a tensor. */
  public static Tensor tensor(JsonNode array, DType dtype) {
    long[] shape =
        StreamSupport.stream(array.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    return Tensor.of(values(array), shape).to(dtype);
  }

  /** Returns the arrays of an object of a file as tensors. */
  public static Map<String, Tensor> tensors(JsonNode object, DType dtype) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      tensors.put(entry.getKey(), tensor(entry.getValue(), dtype));
    }
    return tensors;
  }

  /** Checks shape and values, relative to 1 or to the expected value where that is larger. */
  public static void assertClose(String what, Tensor actual, JsonNode expected, double tolerance) {
    Tensor reference = tensor(expected, DType.F64);
    assertThat(actual.shape()).as("shape of " + what).isEqualTo(reference.shape());
    double[] got = actual.toDoubleArray();
    double[] want = reference.toDoubleArray();
    for (int i = 0; i < want.length; i++) {
      assertThat(got[i])
          .as("%s, element %d", what, i)
          .isCloseTo(want[i], Offset.offset(tolerance * Math.max(1, Math.abs(want[i]))));
    }
  }

  private static double[] values(JsonNode array) {
    return StreamSupport.stream(array.get("values").spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
