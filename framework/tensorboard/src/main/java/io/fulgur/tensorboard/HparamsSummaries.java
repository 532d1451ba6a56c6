package io.fulgur.tensorboard;

import com.google.protobuf.Value;
import io.fulgur.tensorboard.proto.DataType;
import io.fulgur.tensorboard.proto.Experiment;
import io.fulgur.tensorboard.proto.HParamInfo;
import io.fulgur.tensorboard.proto.HParamsPluginData;
import io.fulgur.tensorboard.proto.MetricInfo;
import io.fulgur.tensorboard.proto.MetricName;
import io.fulgur.tensorboard.proto.SessionEndInfo;
import io.fulgur.tensorboard.proto.SessionStartInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.Summary;

/** The three summaries from which the hparams dashboard makes a row of its table. */
final class HparamsSummaries {
  private static final String EXPERIMENT_TAG = "_hparams_/experiment";
  private static final String SESSION_START_TAG = "_hparams_/session_start_info";
  private static final String SESSION_END_TAG = "_hparams_/session_end_info";

  /** Beyond this a float64 no longer holds every whole number. */
  private static final long MAX_EXACT_LONG = 1L << 53;

  private HparamsSummaries() {}

  /**
   * Names the columns: the hyperparameters with their types, and the metrics to show beside them.
   */
  static Summary.Value experiment(
      Map<String, ?> hparams, Collection<String> metricTags, double createdSeconds) {
    Experiment.Builder experiment = Experiment.newBuilder().setTimeCreatedSecs(createdSeconds);
    hparams.forEach(
        (name, value) ->
            experiment.addHparamInfos(
                HParamInfo.newBuilder().setName(name).setType(typeOf(toValue(value)))));
    for (String tag : metricTags) {
      experiment.addMetricInfos(
          MetricInfo.newBuilder().setName(MetricName.newBuilder().setTag(tag)));
    }
    return Summaries.hparams(
        EXPERIMENT_TAG, HParamsPluginData.newBuilder().setExperiment(experiment).build());
  }

  /** Holds the values of the row. */
  static Summary.Value sessionStart(Map<String, ?> hparams, double startSeconds) {
    SessionStartInfo.Builder start = SessionStartInfo.newBuilder().setStartTimeSecs(startSeconds);
    hparams.forEach((name, value) -> start.putHparams(name, toValue(value)));
    return Summaries.hparams(
        SESSION_START_TAG, HParamsPluginData.newBuilder().setSessionStartInfo(start).build());
  }

  /** Says how the run ended. */
  static Summary.Value sessionEnd(SessionStatus status, double endSeconds) {
    SessionEndInfo end =
        SessionEndInfo.newBuilder().setStatus(status.proto()).setEndTimeSecs(endSeconds).build();
    return Summaries.hparams(
        SESSION_END_TAG, HParamsPluginData.newBuilder().setSessionEndInfo(end).build());
  }

  private static Value toValue(@Nullable Object value) {
    if (value instanceof Boolean bool) {
      return Value.newBuilder().setBoolValue(bool).build();
    } else if (value instanceof Number number && isShownExactly(number)) {
      return Value.newBuilder().setNumberValue(toDouble(number)).build();
    }
    return Value.newBuilder().setStringValue(toText(value)).build();
  }

  /**
   * A NaN or an infinity makes TensorBoard's answer invalid JSON; a large seed would be rounded.
   */
  private static boolean isShownExactly(Number number) {
    return (number instanceof Long whole)
        ? whole <= MAX_EXACT_LONG && whole >= -MAX_EXACT_LONG
        : Double.isFinite(number.doubleValue());
  }

  /** A float goes by its digits: {@code 0.1f} is to be shown as 0.1, not 0.10000000149011612. */
  private static double toDouble(Number number) {
    return (number instanceof Float) ? Double.parseDouble(number.toString()) : number.doubleValue();
  }

  private static String toText(@Nullable Object value) {
    if (value != null && value.getClass().isArray()) {
      String inBrackets = Arrays.deepToString(new Object[] {value});
      return inBrackets.substring(1, inBrackets.length() - 1);
    }
    return String.valueOf(value);
  }

  private static DataType typeOf(Value value) {
    return switch (value.getKindCase()) {
      case BOOL_VALUE -> DataType.DATA_TYPE_BOOL;
      case NUMBER_VALUE -> DataType.DATA_TYPE_FLOAT64;
      default -> DataType.DATA_TYPE_STRING;
    };
  }
}
