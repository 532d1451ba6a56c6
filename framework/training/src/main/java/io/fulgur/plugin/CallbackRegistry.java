package io.fulgur.plugin;

import io.fulgur.callback.averaging.EmaWeightAveraging;
import io.fulgur.callback.averaging.StochasticWeightAveraging;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.callback.finetuning.BackboneFinetuning;
import io.fulgur.callback.monitor.LearningRateMonitor;
import io.fulgur.callback.monitor.ThroughputMonitor;
import io.fulgur.callback.spike.SpikeDetection;
import io.fulgur.callback.stopping.EarlyStopping;
import io.fulgur.callback.stopping.Timer;
import io.fulgur.tune.BatchSizeFinder;
import io.fulgur.tune.LearningRateFinder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks that a file may name: those that come with Fulgur, and those that plugins name. A
 * file chooses among them and sets their options; it cannot have any other class made.
 *
 * @since 0.1
 */
public final class CallbackRegistry implements NamedParts {
  private final Map<String, Supplier<?>> builders = new TreeMap<>();

  private CallbackRegistry() {
    builders.put("BackboneFinetuning", BackboneFinetuning::builder);
    builders.put("BatchSizeFinder", BatchSizeFinder::builder);
    builders.put("ConsoleProgressDisplay", ConstructedCallbacks.Progress::new);
    builders.put("CsvPredictionWriter", ConstructedCallbacks.Predictions::csv);
    builders.put("DeviceStatsMonitor", ConstructedCallbacks.DeviceStats::new);
    builders.put("EarlyStopping", EarlyStopping::builder);
    builders.put("EmaWeightAveraging", EmaWeightAveraging::builder);
    builders.put("GradientAccumulationScheduler", ConstructedCallbacks.Accumulation::new);
    builders.put("JsonLinesPredictionWriter", ConstructedCallbacks.Predictions::jsonLines);
    builders.put("LearningRateFinder", LearningRateFinder::builder);
    builders.put("LearningRateMonitor", LearningRateMonitor::builder);
    builders.put("ModelCheckpoint", ModelCheckpoint::builder);
    builders.put("ModelSummary", ConstructedCallbacks.Summary::new);
    builders.put("OnExceptionCheckpoint", ConstructedCallbacks.OnException::new);
    builders.put("SpikeDetection", SpikeDetection::builder);
    builders.put("StochasticWeightAveraging", StochasticWeightAveraging::builder);
    builders.put("ThroughputMonitor", ThroughputMonitor::builder);
    builders.put("Timer", Timer::builder);
  }

  /** Returns the callbacks of Fulgur and of the plugins on the class path, apart from some. */
  public static CallbackRegistry without(Set<String> excludedPlugins) {
    CallbackRegistry registry = new CallbackRegistry();
    for (FulgurPlugin plugin : Plugins.load()) {
      if (!excludedPlugins.contains(plugin.name())) {
        registry.builders.putAll(plugin.namedCallbacks());
      }
    }
    return registry;
  }

  @Override
  public Set<String> names() {
    return builders.keySet();
  }

  @Override
  public @Nullable Object builder(String name) {
    Supplier<?> supplier = builders.get(name);
    return supplier == null ? null : supplier.get();
  }
}
