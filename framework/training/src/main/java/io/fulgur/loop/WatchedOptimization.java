package io.fulgur.loop;

import io.fulgur.TrainerOptions;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.AnomalyDetection;
import io.fulgur.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/** Looks for the operator that makes a number go wrong while another way to learn runs. */
final class WatchedOptimization implements Optimization {
  private final Optimization watched;

  private WatchedOptimization(Optimization watched) {
    this.watched = watched;
  }

  /** Returns a way to learn as it is, or watched if the options want that. */
  static Optimization of(Optimization optimization, TrainerOptions options) {
    return options.detectAnomaly() ? new WatchedOptimization(optimization) : optimization;
  }

  /** Returns a sentence on where the present batch has gone wrong, with a space; or nothing. */
  static String origin(double loss) {
    AnomalyDetection detection = AnomalyDetection.current();
    String origin = detection == null ? "" : detection.originOf(loss);
    return origin.isEmpty() ? "" : origin + " ";
  }

  @Override
  public void beginEpoch() {
    watched.beginEpoch();
  }

  @Override
  public @Nullable StepOutput train(Batch batch, int index) {
    try (AnomalyDetection detection = Autograd.detectAnomaly()) {
      return watched.train(batch, index);
    }
  }

  @Override
  public boolean stepsAfter(int index) {
    return watched.stepsAfter(index);
  }

  @Override
  public State partsState() {
    return watched.partsState();
  }

  @Override
  public void resume(State parts) {
    watched.resume(parts);
  }

  @Override
  public void keepOutputs() {
    watched.keepOutputs();
  }

  @Override
  public boolean holdsGradients() {
    return watched.holdsGradients();
  }

  @Override
  public State windowState() {
    return watched.windowState();
  }

  @Override
  public void loadWindow(State state) {
    watched.loadWindow(state);
  }
}
