package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Pooling;
import io.fulgur.tensor.functional.PoolingOptions;
import org.openjdk.jmh.annotations.Param;

/** Pooling in both memory formats. */
public class PoolingBenchmark extends FunctionBenchmark {
  /** The functions. */
  public enum Kind implements Function {
    MAX_2,
    MAX_3,
    AVERAGE_2,
    AVERAGE_3,
    AVERAGE_ALL,
    MAX_2_CHANNELS_LAST,
    MAX_3_CHANNELS_LAST,
    AVERAGE_2_CHANNELS_LAST,
    AVERAGE_3_CHANNELS_LAST,
    AVERAGE_ALL_CHANNELS_LAST;

    @Override
    public Tensor input() {
      return switch (this) {
        case MAX_2, AVERAGE_2 -> random(64, 6, 28, 28);
        case MAX_3, AVERAGE_3 -> random(16, 64, 32, 32);
        case AVERAGE_ALL -> random(64, 64, 8, 8);
        case MAX_2_CHANNELS_LAST, AVERAGE_2_CHANNELS_LAST -> channelsLast(64, 6, 28, 28);
        case MAX_3_CHANNELS_LAST, AVERAGE_3_CHANNELS_LAST -> channelsLast(16, 64, 32, 32);
        case AVERAGE_ALL_CHANNELS_LAST -> channelsLast(64, 64, 8, 8);
      };
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case MAX_2, MAX_2_CHANNELS_LAST -> Pooling.maxPool2d(x, PoolingOptions.kernelSize(2));
        case MAX_3, MAX_3_CHANNELS_LAST ->
            Pooling.maxPool2d(x, PoolingOptions.kernelSize(3).stride(2).padding(1));
        case AVERAGE_2, AVERAGE_2_CHANNELS_LAST ->
            Pooling.avgPool2d(x, PoolingOptions.kernelSize(2));
        case AVERAGE_3, AVERAGE_3_CHANNELS_LAST ->
            Pooling.avgPool2d(x, PoolingOptions.kernelSize(3).stride(2).padding(1));
        case AVERAGE_ALL, AVERAGE_ALL_CHANNELS_LAST -> Pooling.adaptiveAvgPool2d(x, 1, 1);
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.MAX_2;

  @Override
  Function function() {
    return kind;
  }
}
