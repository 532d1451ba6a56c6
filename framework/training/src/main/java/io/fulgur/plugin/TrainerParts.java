package io.fulgur.plugin;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Module;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.callback.SummaryDisplay;
import io.fulgur.checkpoint.AsyncCheckpointIO;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.Logger;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Profiler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer is put together from: its user's wishes, what plugins bind, and defaults for the
 * rest.
 *
 * @param callbacks in the order in which they run
 * @param loggers the first one decides where files go
 * @param precision how numbers are treated
 * @param checkpointIO where checkpoints go and in which form
 * @param profiler what measures the runs
 * @since 0.1
 */
public record TrainerParts(
    List<Callback> callbacks,
    List<Logger> loggers,
    PrecisionPlugin precision,
    CheckpointIO checkpointIO,
    Profiler profiler) {
  /**
   * What the user asked for.
   *
   * @param callbacks of the user's own
   * @param loggers of the user's own
   * @param precision of the user's own, if any
   * @param checkpointIO of the user's own, if any
   * @param asyncCheckpoints whether checkpoints are written in the background
   * @param profiler of the user's own, if any
   * @param excludedPlugins names of plugins to leave out
   * @param defaultLogger whether to add the default loggers if there is none
   * @param defaultCheckpointing whether to add a checkpoint callback if there is none
   * @param defaultProgressDisplay whether to add a progress display if there is none
   * @param defaultSummary whether to add a summary if there is none
   * @param dropLoggers whether to do without any logger
   * @param defaultRootDir where files go for which no other place is given
   * @since 0.1
   */
  public record Wishes(
      List<Callback> callbacks,
      List<Logger> loggers,
      @Nullable PrecisionPlugin precision,
      @Nullable CheckpointIO checkpointIO,
      boolean asyncCheckpoints,
      @Nullable Profiler profiler,
      Set<String> excludedPlugins,
      boolean defaultLogger,
      boolean defaultCheckpointing,
      boolean defaultProgressDisplay,
      boolean defaultSummary,
      boolean dropLoggers,
      Path defaultRootDir) {}

  /** What Guice makes; providers, because a default that is not wanted must not be made. */
  private record Bound(
      Set<Callback> callbacks,
      Set<Logger> loggers,
      Optional<Provider<List<Logger>>> defaultLoggers,
      Optional<Provider<PrecisionPlugin>> precision,
      Optional<Provider<CheckpointIO>> checkpointIO,
      Optional<Provider<Profiler>> profiler,
      Optional<Provider<ProgressDisplay>> progressDisplay,
      Optional<Provider<SummaryDisplay>> summaryDisplay,
      Optional<Provider<CheckpointCallback>> checkpointing) {
    @Inject
    private Bound {}
  }

  /**
   * Puts the parts of a trainer together.
   *
   * @throws FulgurException if two callbacks share a state key, or a plugin's bindings are wrong
   */
  public static TrainerParts assemble(Wishes wishes) {
    List<FulgurPlugin> plugins = Plugins.find(wishes.excludedPlugins());
    Bound bound = instance(Bound.class, modules(plugins, wishes.defaultRootDir()), plugins);

    List<Callback> callbacks = new ArrayList<>(wishes.callbacks());
    callbacks.addAll(bound.callbacks());
    if (wishes.defaultProgressDisplay() && lacks(callbacks, ProgressDisplay.class)) {
      bound.progressDisplay().ifPresent(made -> callbacks.add(0, made.get()));
    }
    if (wishes.defaultSummary() && lacks(callbacks, SummaryDisplay.class)) {
      bound.summaryDisplay().ifPresent(made -> callbacks.add(0, made.get()));
    }
    if (wishes.defaultCheckpointing() && lacks(callbacks, CheckpointCallback.class)) {
      bound.checkpointing().ifPresent(made -> callbacks.add(made.get()));
    }
    List<Callback> ordered = ordered(callbacks);

    List<Logger> loggers = new ArrayList<>();
    if (!wishes.dropLoggers()) {
      loggers.addAll(wishes.loggers());
      loggers.addAll(bound.loggers());
      if (wishes.defaultLogger() && loggers.isEmpty()) {
        bound.defaultLoggers().ifPresent(made -> loggers.addAll(made.get()));
      }
    }
    PrecisionPlugin precision = wishes.precision();
    if (precision == null) {
      precision = bound.precision().orElseThrow().get();
    }
    Profiler profiler = wishes.profiler();
    if (profiler == null) {
      profiler = bound.profiler().orElseThrow().get();
    }
    CheckpointIO checkpointIO = checkpointIO(wishes, bound);
    checkpointIO.profile(profiler);
    return new TrainerParts(ordered, List.copyOf(loggers), precision, checkpointIO, profiler);
  }

  private static CheckpointIO checkpointIO(Wishes wishes, Bound bound) {
    CheckpointIO own = wishes.checkpointIO();
    CheckpointIO io = own == null ? bound.checkpointIO().orElseThrow().get() : own;
    boolean wrap = wishes.asyncCheckpoints() && !(io instanceof AsyncCheckpointIO);
    return wrap ? new AsyncCheckpointIO(io) : io;
  }

  /**
   * Returns how checkpoints are read without a trainer: by what plugins bind, else as files.
   *
   * @throws FulgurException if a plugin's bindings are wrong
   */
  public static CheckpointIO defaultCheckpointIO() {
    List<FulgurPlugin> plugins = Plugins.find(Set.of());
    return instance(CheckpointIO.class, modules(plugins, Path.of("")), plugins);
  }

  private static List<Module> modules(List<FulgurPlugin> plugins, Path rootDir) {
    List<Module> modules = new ArrayList<>();
    modules.add(new DefaultsModule(rootDir));
    for (FulgurPlugin plugin : plugins) {
      modules.add(Plugins.moduleOf(plugin));
    }
    return modules;
  }

  private static <T> T instance(Class<T> type, List<Module> modules, List<FulgurPlugin> plugins) {
    try {
      return Guice.createInjector(modules).getInstance(type);
    } catch (CreationException | ProvisionException e) {
      throw new FulgurException(
          ErrorId.PLUGIN_FAILED,
          "The trainer cannot be put together from the plugins "
              + String.join(", ", plugins.stream().map(FulgurPlugin::name).toList())
              + ". Leave one out with excludePlugin(name) to find out which. "
              + e.getMessage(),
          e);
    }
  }

  /** Returns these parts without loggers, and with no callbacks but these. */
  public TrainerParts forTrial(List<Callback> trialCallbacks) {
    return new TrainerParts(
        List.copyOf(trialCallbacks), List.of(), precision, checkpointIO, Profiler.NONE);
  }

  /** Returns the folder of the first logger that has one; null if none has. */
  public @Nullable Path logDir() {
    for (Logger logger : loggers) {
      Path directory = logger.logDir();
      if (directory != null) {
        return directory;
      }
    }
    return null;
  }

  private static boolean lacks(List<Callback> callbacks, Class<? extends Callback> kind) {
    return callbacks.stream().noneMatch(kind::isInstance);
  }

  /**
   * Returns callbacks in the order in which they run.
   *
   * @throws FulgurException if two of them keep state under the same key
   */
  public static List<Callback> ordered(List<Callback> callbacks) {
    Map<String, Callback> byKey = new HashMap<>();
    for (Callback callback : callbacks) {
      Callback other =
          CallbackKeys.isStateful(callback) ? byKey.put(callback.stateKey(), callback) : null;
      if (other != null) {
        throw new FulgurException(
            ErrorId.DUPLICATE_STATE_KEY,
            "Two callbacks keep their state under \"%s\": a %s and a %s. Give them parameters that differ, or override stateKey()."
                .formatted(
                    callback.stateKey(),
                    other.getClass().getSimpleName(),
                    callback.getClass().getSimpleName()));
      }
    }
    return callbacks.stream().sorted(Comparator.comparing(Callback::order)).toList();
  }
}
