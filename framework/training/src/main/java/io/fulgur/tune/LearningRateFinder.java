package io.fulgur.tune;

import io.fulgur.Trainer;
import io.fulgur.checkpoint.State;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.optimizer.Optimizer;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a good learning rate before a fit: trains for some steps with a learning rate that
 * grows with each, puts everything back, and gives the module the one at which the loss fell most
 * steeply.
 *
 * <pre>{@code
 * Trainer.builder().callback(LearningRateFinder.builder().maxLr(0.5).build())
 * }</pre>
 *
 * <p>The module keeps its learning rate in a field that is not final, {@code learningRate} or
 * {@code lr} unless {@linkplain LearningRateFinderBuilder#attributeName named}, or has a method to
 * set it; {@code @ConfigureOptimizers}, which is called afterwards, makes the optimizer and its
 * schedules from that. The hyperparameters that loggers and checkpoints get show the new value.
 *
 * <p>The steps are those of the trainer: its precision, clipping and accumulation. Its callbacks
 * and loggers, and the module's callbacks and schedules, have no part in them; the module's hooks
 * do. With the learning rate left as it is, the fit is bitwise the same as without the search. With
 * {@code fastDevRun} there is no search, nor where a fit goes on from a checkpoint, which has what
 * was found.
 *
 * <p>Follows "Cyclical Learning Rates for Training Neural Networks" (Smith, 2017) and {@code
 * lightning.pytorch.callbacks.LearningRateFinder}. Other than there, the average of the losses is
 * not too small at the start, and the learning rates reach from {@code minLr} to {@code maxLr}.
 *
 * @since 0.1
 */
public final class LearningRateFinder extends HyperparameterFinder<LearningRateResult> {
  private static final String STATE = "learning_rate";
  private static final double TOLERANCE = 1e-6;

  private final LearningRateFinderBuilder options;

  LearningRateFinder(LearningRateFinderBuilder options) {
    this.options = options;
  }

  /** Returns a builder with the usual options. */
  public static LearningRateFinderBuilder builder() {
    return new LearningRateFinderBuilder();
  }

  @Override
  void search(Trainer trainer, FulgurModule module, DataModule data) {
    // Before the work, so that a mistake is told at once.
    Attribute attribute = attribute(module, data);
    LearningRateSweep sweep = new LearningRateSweep(options);
    new Trial(trainer, module, data).untilStopped(sweep);
    LearningRateResult result = sweep.result();
    measured(result);
    OptionalDouble suggestion = result.suggestion();
    if (suggestion.isEmpty()) {
      log.warn(
          "No learning rate can be suggested: {} finite losses were measured, and they fell"
              + " nowhere. Use more numTrainingSteps, or other bounds than {} and {}",
          result.points().size(),
          options.minLr(),
          options.maxLr());
    } else if (attribute != null) {
      double before = attribute.get();
      set(attribute, suggestion.getAsDouble());
      log.info("{} set to {} (it was {})", attribute, suggestion.getAsDouble(), before);
    }
  }

  @Override
  @Nullable Attribute attribute(FulgurModule module, DataModule data) {
    return options.updateAttribute()
        ? Attribute.find("LearningRateFinder", List.of(module), options.attributeNames())
        : null;
  }

  @Override
  public State state() {
    Double found = found();
    return found == null ? State.empty() : State.builder().put(STATE, found).build();
  }

  @Override
  public void loadState(State state) {
    restore(state.doubleValue(STATE));
  }

  /** Makes sure that what was found is what the optimizer uses. */
  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    Double wanted = found();
    if (wanted != null
        && trainer.optimizers().stream().noneMatch(optimizer -> hasRate(optimizer, wanted))) {
      log.warn(
          "The learning rate was set to {}, but no parameter group was made with it: {}. Use the"
              + " field in @ConfigureOptimizers",
          wanted,
          trainer.optimizers());
    }
  }

  private static boolean hasRate(Optimizer optimizer, double rate) {
    return optimizer.groups().stream()
        .anyMatch(group -> Math.abs(group.baseLearningRate() - rate) <= TOLERANCE * rate);
  }
}
