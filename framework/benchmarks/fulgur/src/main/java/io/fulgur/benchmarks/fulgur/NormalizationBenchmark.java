package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Normalization;
import org.openjdk.jmh.annotations.Param;

/** Normalisations of a transformer and of convolutional networks. */
public class NormalizationBenchmark extends FunctionBenchmark {
  private static final Tensor SCALES = Tensor.ones(128);

  /** The functions. */
  public enum Kind implements Function {
    LAYER,
    RMS,
    GROUP,
    BATCH_OF_PIXELS,
    BATCH_OF_FEW_PIXELS,
    BATCH_OF_FEATURES;

    @Override
    public Tensor input() {
      return switch (this) {
        case LAYER, RMS -> random(2048, 128);
        case GROUP -> random(64, 32, 16, 16);
        case BATCH_OF_PIXELS -> random(64, 16, 32, 32);
        case BATCH_OF_FEW_PIXELS -> random(64, 64, 8, 8);
        case BATCH_OF_FEATURES -> random(64, 512);
      };
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case LAYER -> Normalization.layerNorm(x, SCALES, SCALES, Shape.of(128), 1e-5);
        case RMS -> Normalization.rmsNorm(x, SCALES, Shape.of(128), 1e-5);
        case GROUP -> Normalization.groupNorm(x, 8, null, null, 1e-5);
        case BATCH_OF_PIXELS, BATCH_OF_FEW_PIXELS, BATCH_OF_FEATURES ->
            Normalization.batchNorm(x, null, null, null, 0.1, 1e-5);
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.LAYER;

  @Override
  Function function() {
    return kind;
  }
}
