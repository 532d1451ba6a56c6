package io.fulgur.precision;

import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.nn.Module;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Steps run in an {@link Autocast} region: parameters, gradients and optimizers are {@link
 * DType#F32}, products are of 16 bits. With {@link DType#F16} losses are scaled, because many
 * gradients would be 0.
 *
 * @since 0.1
 */
public final class MixedPrecision implements PrecisionPlugin {
  private final DType dtype;
  private final @Nullable GradScaler scaler;

  private MixedPrecision(DType dtype, @Nullable GradScaler scaler) {
    this.dtype = dtype;
    this.scaler = scaler;
  }

  /** Returns mixed precision with {@link DType#BF16}, whose range is that of {@link DType#F32}. */
  public static MixedPrecision bfloat16() {
    return new MixedPrecision(DType.BF16, null);
  }

  /** Returns mixed precision with {@link DType#F16} and a scaler of losses. */
  public static MixedPrecision float16(GradScaler scaler) {
    return new MixedPrecision(DType.F16, scaler);
  }

  /** Returns the scaler of losses; null if there is none. */
  public @Nullable GradScaler scaler() {
    return scaler;
  }

  @Override
  public void convertModule(Module module) {
    module.to(DType.F32);
  }

  @Override
  public Batch convertBatch(Batch batch) {
    return TruePrecision.converted(batch, DType.F32);
  }

  @Override
  public Region forwardContext() {
    return Autocast.to(dtype)::close;
  }

  @Override
  public Tensor scaleLoss(Tensor loss) {
    return scaler == null ? loss : scaler.scale(loss);
  }

  @Override
  public void beforeOptimizerStep(Optimizer optimizer) {
    if (scaler != null) {
      scaler.unscale(optimizer);
    }
  }

  @Override
  public boolean optimizerStep(Optimizer optimizer) {
    if (scaler != null) {
      return scaler.step(optimizer);
    }
    optimizer.step();
    return true;
  }

  @Override
  public void afterOptimizerSteps() {
    if (scaler != null) {
      scaler.update();
    }
  }

  @Override
  public State state() {
    return scaler == null ? State.empty() : scaler.state();
  }

  /** {@inheritDoc} A state without a scaler's, as other precisions leave it, changes nothing. */
  @Override
  public void loadState(State state) {
    if (scaler != null && !state.isEmpty()) {
      scaler.loadState(state);
    }
  }

  @Override
  public String toString() {
    return dtype + " mixed";
  }
}
