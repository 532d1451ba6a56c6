package io.fulgur.precision;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.GradientClipping;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.util.IdentityHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scales losses so that small gradients are not 0 in {@link io.fulgur.tensor.DType#F16}, as {@code
 * torch.cuda.amp.GradScaler}.
 *
 * <pre>{@code
 * scaler.scale(loss).backward();
 * scaler.unscale(optimizer);   // gradients may now be looked at and clipped
 * scaler.step(optimizer);      // does nothing if a gradient is infinite or NaN
 * scaler.update();
 * }</pre>
 *
 * <p>After a step with gradients that are not finite the scale is multiplied by the backoff factor
 * (0.5); after {@code growthInterval} (2000) steps in a row without any, by the growth factor (2).
 * It begins at 65536.
 *
 * @since 0.1
 */
public final class GradScaler implements Stateful {
  private static final Logger LOG = LoggerFactory.getLogger(GradScaler.class);
  private static final double INITIAL_SCALE = 65536;
  private static final double GROWTH_FACTOR = 2;
  private static final double BACKOFF_FACTOR = 0.5;
  private static final int GROWTH_INTERVAL = 2000;

  private final double growthFactor;
  private final double backoffFactor;
  private final int growthInterval;
  private double scale;
  private int growthTracker;
  private long skippedSteps;

  /**
   * Whether a step has been skipped since the last update: a checkpoint may be saved in between.
   */
  private boolean skipped;

  /** The optimizers whose gradients have been unscaled, and whether those were finite. */
  private final IdentityHashMap<Optimizer, Boolean> unscaled = new IdentityHashMap<>();

  /** Makes a scaler with the defaults. */
  public GradScaler() {
    this(INITIAL_SCALE, GROWTH_FACTOR, BACKOFF_FACTOR, GROWTH_INTERVAL);
  }

  /**
   * Makes a scaler.
   *
   * @param initialScale a finite number above 0
   * @param growthFactor a finite number above 1
   * @param backoffFactor between 0 and 1
   * @param growthInterval at least 1
   * @throws FulgurException if a value is not allowed
   */
  public GradScaler(
      double initialScale, double growthFactor, double backoffFactor, int growthInterval) {
    require("initialScale", initialScale, initialScale > 0, "a finite number above 0");
    require("growthFactor", growthFactor, growthFactor > 1, "a finite number above 1");
    require(
        "backoffFactor", backoffFactor, backoffFactor > 0 && backoffFactor < 1, "between 0 and 1");
    require("growthInterval", growthInterval, growthInterval >= 1, "at least 1");
    this.scale = initialScale;
    this.growthFactor = growthFactor;
    this.backoffFactor = backoffFactor;
    this.growthInterval = growthInterval;
  }

  private static void require(String name, double value, boolean fits, String allowed) {
    if (!fits || Double.isInfinite(value)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "GradScaler: %s is %s; allowed is %s.".formatted(name, value, allowed));
    }
  }

  /** Returns the present scale. */
  public double scale() {
    return scale;
  }

  /** Returns how many steps of optimizers have been skipped so far. */
  public long skippedSteps() {
    return skippedSteps;
  }

  /** Returns a loss multiplied by the scale. */
  public Tensor scale(Tensor loss) {
    return loss.mul(scale);
  }

  /**
   * Divides an optimizer's gradients by the scale.
   *
   * @throws FulgurException if that was done since the last {@link #update()}
   */
  public void unscale(Optimizer optimizer) {
    if (unscaled.containsKey(optimizer)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "GradScaler.unscale was called twice for "
              + optimizer.name()
              + " before update(). Call it once, between backward and step");
    }
    unscaled.put(optimizer, GradientClipping.unscale(optimizer, scale));
  }

  /**
   * Lets an optimizer step if its gradients are finite; unscales them if that has not been done.
   *
   * @return whether it stepped
   */
  public boolean step(Optimizer optimizer) {
    if (!unscaled.containsKey(optimizer)) {
      unscale(optimizer);
    }
    if (Boolean.TRUE.equals(unscaled.get(optimizer))) {
      optimizer.step();
      return true;
    }
    skippedSteps++;
    skipped = true;
    return false;
  }

  /** Adapts the scale, after all optimizers have had their turn. */
  public void update() {
    boolean finite = !skipped && !unscaled.containsValue(false);
    unscaled.clear();
    skipped = false;
    if (finite) {
      growthTracker++;
      if (growthTracker == growthInterval) {
        // A scale that is no longer finite in single precision would spoil every loss.
        double grown = scale * growthFactor;
        scale = grown <= Float.MAX_VALUE ? grown : scale;
        growthTracker = 0;
      }
      return;
    }
    double before = scale;
    scale *= backoffFactor;
    growthTracker = 0;
    if (scale < 1) {
      LOG.warn(
          "Gradients are infinite or NaN although losses are scaled by {} only; the step was"
              + " skipped, {} so far. The loss itself may have diverged",
          before,
          skippedSteps);
    } else {
      LOG.info(
          "Gradients were infinite or NaN at the loss scale {}; the step was skipped, {} so far,"
              + " and the scale is {} now",
          before,
          skippedSteps,
          scale);
    }
  }

  @Override
  public State state() {
    return State.builder()
        .put("scale", scale)
        .put("growth_tracker", (long) growthTracker)
        .put("skipped_steps", skippedSteps)
        .put("skipped", skipped)
        .build();
  }

  @Override
  public void loadState(State state) {
    scale = state.doubleValue("scale");
    growthTracker = state.intValue("growth_tracker");
    skippedSteps = state.longValue("skipped_steps");
    skipped = state.booleanValue("skipped");
    unscaled.clear();
  }
}
