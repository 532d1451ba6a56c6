package io.fulgur.precision;

import io.fulgur.tensor.DType;

/**
 * The precisions that come with Fulgur.
 *
 * @since 0.1
 */
public enum Precision {
  /** Parameters, activations and gradients are {@link DType#F32}. */
  F32_TRUE {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.F32);
    }
  },

  /** Parameters, activations and gradients are {@link DType#F64}. */
  F64_TRUE {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.F64);
    }
  },

  /**
   * Parameters, activations, gradients and the state of optimizers are {@link DType#BF16}: half the
   * memory. Steps smaller than a 256th of a value are lost; see {@link #BF16_MIXED}.
   */
  BF16_TRUE {
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
  F16_TRUE {
    @Override
    public PrecisionPlugin plugin() {
      return new TruePrecision(DType.F16);
    }
  },

  /**
   * Parameters and gradients are {@link DType#F32}; products, and what passes between them, are
   * {@link DType#BF16}. See {@link io.fulgur.tensor.Autocast}.
   */
  BF16_MIXED {
    @Override
    public PrecisionPlugin plugin() {
      return MixedPrecision.bfloat16();
    }
  },

  /** As {@link #BF16_MIXED} with {@link DType#F16} and a {@link GradScaler}. */
  F16_MIXED {
    @Override
    public PrecisionPlugin plugin() {
      return MixedPrecision.float16(new GradScaler());
    }
  };

  /** Returns what brings this precision about; each has a state of its own. */
  public abstract PrecisionPlugin plugin();
}
