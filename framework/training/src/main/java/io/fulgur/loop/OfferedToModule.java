package io.fulgur.loop;

import io.fulgur.log.LogConnector;
import io.fulgur.log.LogOptions;
import io.fulgur.metric.Metric;
import io.fulgur.module.ManualSteps;
import io.fulgur.module.ModuleContext;
import org.jspecify.annotations.Nullable;

/** What a run offers to its module. */
final class OfferedToModule implements ModuleContext {
  private final RunState state;
  private final LogConnector log;
  private final ModuleMetrics metrics;
  private boolean muted;

  OfferedToModule(RunState state, LogConnector log, ModuleMetrics metrics) {
    this.state = state;
    this.log = log;
    this.metrics = metrics;
  }

  /** Does something with the module, and drops what it logs meanwhile. */
  void withoutLogging(Runnable action) {
    muted = true;
    try {
      action.run();
    } finally {
      muted = false;
    }
  }

  @Override
  public void log(String name, Object value, LogOptions options) {
    if (muted) {
      return;
    }
    if (value instanceof Metric metric) {
      metrics.require(name, metric);
    }
    log.log(name, value, options);
  }

  @Override
  public int currentEpoch() {
    return state.epoch();
  }

  @Override
  public long globalStep() {
    return state.globalStep();
  }

  @Override
  public void skipRestOfEpoch() {
    state.skipRestOfEpoch();
  }

  @Override
  public @Nullable ManualSteps manualSteps() {
    return state.manualSteps;
  }
}
