package io.fulgur.tune;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.callback.TuningCallback;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches for a hyperparameter when a fit begins, and sets it; a fit that goes on from a
 * checkpoint gets what was found when it began.
 *
 * @param <R> what a search has measured
 */
abstract class HyperparameterFinder<R> implements TuningCallback {
  final Logger log = LoggerFactory.getLogger(getClass());
  private @Nullable R result;
  private @Nullable Double found;

  /** Searches, and hands over what came of it to {@link #measured} and {@link #set}. */
  abstract void search(Trainer trainer, FulgurModule module, DataModule data);

  /** Returns where the hyperparameter is kept; null if it is not to be set. */
  abstract @Nullable Attribute attribute(FulgurModule module, DataModule data);

  /** Returns what the search of the newest fit has measured; none if there was no search. */
  public Optional<R> result() {
    return Optional.ofNullable(result);
  }

  /** Returns what was found and set; null if nothing was. */
  final @Nullable Double found() {
    return found;
  }

  /** Takes what was found when the fit began that goes on. */
  final void restore(double value) {
    found = value;
  }

  final void measured(R what) {
    result = what;
  }

  final void set(Attribute attribute, double value) {
    attribute.set(value);
    found = value;
  }

  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (kind == RunKind.FIT) {
      result = null;
      found = null;
    }
  }

  @Override
  public void tune(Trainer trainer, FulgurModule module, DataModule data) {
    if (trainer.isFastDevRun()) {
      log.warn("{} is skipped, because fastDevRun is set", getClass().getSimpleName());
      return;
    }
    search(trainer, module, data);
  }

  @Override
  public void setAgain(FulgurModule module, DataModule data) {
    Double before = found;
    Attribute attribute = before == null ? null : attribute(module, data);
    if (before != null && attribute != null) {
      attribute.set(before);
    }
  }
}
