package io.fulgur.tensorboard;

import com.google.protobuf.ByteString;
import io.fulgur.tensorboard.proto.HParamsPluginData;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** The messages that each dashboard of TensorBoard expects. */
final class Summaries {
  private Summaries() {}

  static Event event(double wallTimeSeconds, long step, Summary.Value value) {
    return event(wallTimeSeconds, step, Summary.newBuilder().addValue(value));
  }

  static Event event(double wallTimeSeconds, long step, Summary.Builder summary) {
    return Event.newBuilder()
        .setWallTime(wallTimeSeconds)
        .setStep(step)
        .setSummary(summary)
        .build();
  }

  /** The short form without metadata, as PyTorch writes it; TensorBoard takes it for a scalar. */
  static Summary.Value scalar(String tag, float value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue(value).build();
  }

  static Summary.Value text(String tag, String markdown) {
    TensorProto.Builder tensor =
        tensor(DataType.DT_STRING).addStringVal(ByteString.copyFromUtf8(markdown));
    return value(tag, "text", tensor);
  }

  static Summary.Value histogram(String tag, Histogram histogram) {
    TensorProto.Builder tensor =
        tensor(DataType.DT_DOUBLE, histogram.buckets(), Histogram.COLUMNS)
            .setTensorContent(ByteString.copyFrom(histogram.toBytes()));
    return value(tag, "histograms", tensor);
  }

  static Summary.Value image(String tag, ByteString png, int width, int height) {
    TensorProto.Builder tensor =
        tensor(DataType.DT_STRING, 3)
            .addStringVal(ByteString.copyFromUtf8(Integer.toString(width)))
            .addStringVal(ByteString.copyFromUtf8(Integer.toString(height)))
            .addStringVal(png);
    return value(tag, "images", tensor);
  }

  /** The dashboard reads only the metadata; the tensor is there because it asks for one. */
  static Summary.Value hparams(String tag, HParamsPluginData content) {
    Summary.Value.Builder value = value(tag, "hparams", tensor(DataType.DT_FLOAT, 0)).toBuilder();
    value.getMetadataBuilder().getPluginDataBuilder().setContent(content.toByteString());
    return value.build();
  }

  /**
   * Leaves out {@code data_class}, as TensorBoard's own writer does: its reader knows the plugins.
   */
  private static Summary.Value value(String tag, String plugin, TensorProto.Builder tensor) {
    return Summary.Value.newBuilder()
        .setTag(tag)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(SummaryMetadata.PluginData.newBuilder().setPluginName(plugin)))
        .setTensor(tensor)
        .build();
  }

  private static TensorProto.Builder tensor(DataType type, long... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (long size : shape) {
      dimensions.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorProto.newBuilder().setDtype(type).setTensorShape(dimensions);
  }
}
