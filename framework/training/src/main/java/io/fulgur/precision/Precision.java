package io.fulgur.precision;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The precisions that come with Fulgur.
 *
 * @since 0.1
 */
public enum Precision {
  /** Parameters, activations and gradients are {@link DType#F32}. */
  F32_TRUE("32-true") {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.F32);
    }
  },

  /** Parameters, activations and gradients are {@link DType#F64}. */
  F64_TRUE("64-true") {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.F64);
    }
  },

  /**
   * Parameters, activations, gradients and the state of optimizers are {@link DType#BF16}: half the
   * memory. Steps smaller than a 256th of a value are lost; see {@link #BF16_MIXED}.
   */
  BF16_TRUE("bf16-true") {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.BF16);
    }
  },

  /**
   * Parameters, activations, gradients and the state of optimizers are {@link DType#F16}. Numbers
   * above 65504 are infinite and those below 6e-8 are 0, gradients among them; for models that were
   * trained otherwise.
   */
  F16_TRUE("16-true") {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.F16);
    }
  },

  /**
   * Parameters and gradients are {@link DType#F32}; products, and what passes between them, are
   * {@link DType#BF16}. See {@link io.fulgur.tensor.Autocast}.
   */
  BF16_MIXED("bf16-mixed") {
    @Override
    public PrecisionPlugin plugin() {
      return MixedPrecision.bfloat16();
    }
  },

  /** As {@link #BF16_MIXED} with {@link DType#F16} and a {@link GradScaler}. */
  F16_MIXED("16-mixed") {
    @Override
    public PrecisionPlugin plugin() {
      return MixedPrecision.float16(new GradScaler());
    }
  };

  private static final Map<String, Precision> SHORT_NAMES =
      Map.of("32", F32_TRUE, "64", F64_TRUE, "16", F16_MIXED, "bf16", BF16_MIXED);

  private final String spelling;

  Precision(String spelling) {
    this.spelling = spelling;
  }

  /**
   * Returns the precision of a name as PyTorch Lightning spells it: {@code 32-true}, {@code
   * 64-true}, {@code bf16-true}, {@code 16-true}, {@code bf16-mixed} or {@code 16-mixed}; or, short
   * for the first two and the last two, {@code 32}, {@code 64}, {@code bf16} or {@code 16}.
   *
   * @throws FulgurException if it is no such name; the message lists them
   */
  public static Precision parse(String name) {
    for (Precision precision : values()) {
      if (precision.spelling.equals(name)) {
        return precision;
      }
    }
    Precision ofShortName = SHORT_NAMES.get(name);
    if (ofShortName != null) {
      return ofShortName;
    }
    List<String> names = Arrays.stream(values()).map(Precision::spelling).toList();
    throw new FulgurException(
        ErrorId.UNKNOWN_NAME,
        "There is no precision \"%s\"; allowed are %s, and in short %s.%s"
            .formatted(
                name,
                String.join(", ", names),
                String.join(", ", new TreeSet<>(SHORT_NAMES.keySet())),
                Suggestions.didYouMean(name, names)));
  }

  /** Returns the name that {@link #parse} reads, e.g. {@code bf16-mixed}. */
  public String spelling() {
    return spelling;
  }

  /** Returns what brings this precision about; each has a state of its own. */
  public abstract PrecisionPlugin plugin();
}
