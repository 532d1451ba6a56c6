package io.fulgur.nn.schedule;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes the learning rates of an optimizer's groups over time, and for some schedules the
 * momentum, too. {@link #step()} is called once an epoch, or once a batch.
 *
 * <p>The numbers are those of {@code torch.optim.lr_scheduler}. Most schedules are formulas: extend
 * {@link FormulaLR} for one of your own.
 *
 * @since 0.1
 */
public abstract class LearningRateScheduler {
  private static final String STEPS = "steps";

  private final Optimizer optimizer;
  private long steps;

  /**
   * Makes a schedule for all groups of an optimizer; the subclass's constructor ends with {@link
   * #start()}.
   */
  protected LearningRateScheduler(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  /**
   * Sets the numbers of the optimizer's groups for the next epoch or batch.
   *
   * @param steps how often {@link #step()} has been called, this time included; 0 at the start
   */
  protected abstract void apply(long steps);

  /** Sets the numbers with which the schedule begins, or begins anew. */
  protected final void start() {
    steps = 0;
    apply(0);
  }

  /**
   * Sets the numbers of the next epoch or batch.
   *
   * @throws FulgurException if the schedule follows a monitored value, as {@link ReduceLROnPlateau}
   */
  public void step() {
    advance();
  }

  /** Counts a step and applies it. */
  final void advance() {
    steps++;
    apply(steps);
  }

  /** Returns the optimizer whose learning rates this sets. */
  public final Optimizer optimizer() {
    return optimizer;
  }

  /** Returns how often {@link #step()} has been called. */
  public final long steps() {
    return steps;
  }

  /** Returns the present learning rate of each group. */
  public final List<Double> learningRates() {
    return optimizer.groups().stream().map(ParameterGroup::learningRate).toList();
  }

  /**
   * Returns what a checkpoint has to hold. The learning rates themselves are part of the
   * optimizer's state.
   */
  public final Map<String, Double> stateDict() {
    Map<String, Double> state = new LinkedHashMap<>();
    state.put(STEPS, (double) steps);
    save(state);
    return Collections.unmodifiableMap(state);
  }

  /**
   * Goes to a saved place; load the optimizer's state, too.
   *
   * @throws FulgurException if the state is not that of such a schedule; nothing is loaded then
   */
  public final void loadStateDict(Map<String, Double> state) {
    if (!fits(state)) {
      throw new FulgurException(
          ErrorId.SCHEDULER_STATE_MISMATCH,
          "The saved state %s does not fit %s, which needs whole numbers, 0 or more: %s%s."
              .formatted(state, name(), String.join(", ", stateDict().keySet()), stateNote()));
    }
    restore(state);
  }

  final boolean fits(Map<String, Double> state) {
    return state.keySet().equals(stateDict().keySet()) && isCount(state, STEPS) && accepts(state);
  }

  final void restore(Map<String, Double> state) {
    steps = state.getOrDefault(STEPS, 0.0).longValue();
    load(state);
  }

  /** Adds to the state what is more than the number of steps; by default nothing. */
  protected void save(Map<String, Double> state) {}

  /** Returns whether what {@link #save} has added may be loaded; all of it is there. */
  protected boolean accepts(Map<String, Double> state) {
    return true;
  }

  /** Goes to a state that was {@linkplain #accepts accepted}. */
  protected void load(Map<String, Double> state) {}

  /** Returns what is to be known about the numbers of the state besides; by default nothing. */
  String stateNote() {
    return "";
  }

  /** Returns whether a saved number is a count. */
  static boolean isCount(Map<String, Double> state, String key) {
    double value = state.getOrDefault(key, Double.NaN);
    return value >= 0 && value == Math.rint(value) && Double.isFinite(value);
  }

  final String name() {
    return getClass().getSimpleName();
  }

  /** Throws an error about an argument unless a condition holds. */
  protected static void require(boolean condition, String message) {
    if (!condition) {
      throw new FulgurException(ErrorId.INVALID_HYPERPARAMETER, message);
    }
  }
}
