package io.fulgur.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.TensorProto;

/** Picks the scalars out of events. */
final class ScalarCollector {
  private static final String SCALARS_PLUGIN = "scalars";

  /** What the first value of a tag said, which goes for those after it. */
  private final Map<String, String> pluginOfTag = new HashMap<>();

  private final Map<String, List<ScalarPoint>> points = new LinkedHashMap<>();

  void accept(Event event) {
    for (Summary.Value value : event.getSummary().getValueList()) {
      String plugin =
          pluginOfTag.computeIfAbsent(
              value.getTag(), tag -> value.getMetadata().getPluginData().getPluginName());
      OptionalDouble scalar =
          switch (value.getValueCase()) {
            case SIMPLE_VALUE -> OptionalDouble.of(value.getSimpleValue());
            case TENSOR ->
                plugin.equals(SCALARS_PLUGIN)
                    ? scalarIn(value.getTensor())
                    : OptionalDouble.empty();
            default -> OptionalDouble.empty();
          };
      scalar.ifPresent(
          number ->
              points
                  .computeIfAbsent(value.getTag(), tag -> new ArrayList<>())
                  .add(new ScalarPoint(event.getStep(), event.getWallTime(), number)));
    }
  }

  Map<String, List<ScalarPoint>> points() {
    return points;
  }

  /**
   * Reads the one element of a tensor, which lies either in a list of its type or, little-endian,
   * in its content. Where both are missing it is zero.
   */
  private static OptionalDouble scalarIn(TensorProto tensor) {
    ByteBuffer content =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return switch (tensor.getDtype()) {
      case DT_FLOAT -> {
        if (content.remaining() >= Float.BYTES) {
          yield OptionalDouble.of(content.getFloat());
        }
        yield OptionalDouble.of(tensor.getFloatValCount() > 0 ? tensor.getFloatVal(0) : 0);
      }
      case DT_DOUBLE -> {
        if (content.remaining() >= Double.BYTES) {
          yield OptionalDouble.of(content.getDouble());
        }
        yield OptionalDouble.of(tensor.getDoubleValCount() > 0 ? tensor.getDoubleVal(0) : 0);
      }
      default -> OptionalDouble.empty();
    };
  }
}
