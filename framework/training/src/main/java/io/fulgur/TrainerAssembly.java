package io.fulgur;

import io.fulgur.callback.Callback;
import io.fulgur.callback.stopping.Timer;
import io.fulgur.log.Logger;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.profile.Profiler;
import io.fulgur.profile.Profilers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes a trainer of what a builder collected, and of files and the environment. */
final class TrainerAssembly {
  private final TrainerBuilder asked;
  private final OptionValues values;
  private final OptionProblems problems = new OptionProblems();

  TrainerAssembly(TrainerBuilder asked) {
    this.asked = asked;
    this.values = asked.values.copy();
  }

  Trainer build() {
    asked.files.forEach(file -> OptionFile.read(file, values, problems));
    OptionEnvironment.read(asked.environment, values, problems);
    if (asked.unknownProfiler != null) {
      problems.add(Profilers.unknown(asked.unknownProfiler));
    }
    List<Callback> callbacks = new ArrayList<>(asked.callbacks);
    callbacks.addAll(OptionParts.callbacks(values, problems));
    Path rootDir = OptionChecks.expanded(values.get(TrainerOptionTable.DEFAULT_ROOT_DIR));
    List<Logger> loggers = new ArrayList<>(asked.loggers);
    loggers.addAll(OptionParts.loggers(values, rootDir, problems));
    TrainerOptions options = new OptionChecks(callbacks, loggers, asked, values, problems).check();
    Duration time = options.maxTime();
    if (time != null) {
      callbacks.add(Timer.builder().duration(time).nanoClock(asked.nanoClock).build());
    }
    return new Trainer(options, TrainerParts.assemble(wishes(options, callbacks, loggers)));
  }

  private TrainerParts.Wishes wishes(
      TrainerOptions options, List<Callback> callbacks, List<Logger> loggers) {
    boolean bare = options.barebones();
    boolean dropLoggers = bare || options.fastDevRun() > 0;
    return new TrainerParts.Wishes(
        List.copyOf(callbacks),
        List.copyOf(loggers),
        values.find(TrainerOptionTable.PRECISION),
        asked.checkpointIO,
        !bare && values.get(TrainerOptionTable.ASYNC_CHECKPOINTS),
        bare ? Profiler.NONE : values.find(TrainerOptionTable.PROFILER),
        Set.copyOf(values.get(TrainerOptionTable.EXCLUDED_PLUGINS)),
        !dropLoggers && values.get(TrainerOptionTable.ENABLE_LOGGING),
        !bare && values.get(TrainerOptionTable.ENABLE_CHECKPOINTING),
        !bare && values.get(TrainerOptionTable.ENABLE_PROGRESS_BAR),
        !bare && values.get(TrainerOptionTable.ENABLE_MODEL_SUMMARY),
        dropLoggers,
        options.defaultRootDir());
  }
}
