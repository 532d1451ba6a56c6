package io.fulgur.plugin;

import com.google.inject.AbstractModule;
import io.fulgur.callback.ModelSummary;
import io.fulgur.callback.checkpoint.ModelCheckpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.log.CsvLogger;
import io.fulgur.log.Logger;
import io.fulgur.log.RunFolder;
import io.fulgur.log.TensorBoardLogger;
import io.fulgur.precision.Precision;
import io.fulgur.profile.Profiler;
import io.fulgur.progress.ConsoleProgressDisplay;
import java.nio.file.Path;
import java.util.List;

/** What a trainer has unless a plugin or the user says otherwise. */
final class DefaultsModule extends AbstractModule {
  private final Path rootDir;

  /**
   * @param rootDir where files go
   */
  DefaultsModule(Path rootDir) {
    this.rootDir = rootDir;
  }

  @Override
  protected void configure() {
    Extensions.callbacks(binder());
    Extensions.loggers(binder());
    Extensions.defaultLoggers(binder()).setDefault().toProvider(this::loggers);
    Extensions.precision(binder()).setDefault().toInstance(Precision.F32_TRUE.plugin());
    Extensions.checkpointIO(binder()).setDefault().toInstance(new SafeTensorsCheckpointIO());
    Extensions.profiler(binder()).setDefault().toInstance(Profiler.NONE);
    Extensions.progressDisplay(binder()).setDefault().toProvider(ConsoleProgressDisplay::new);
    Extensions.summaryDisplay(binder()).setDefault().toProvider(ModelSummary::new);
    Extensions.checkpointing(binder())
        .setDefault()
        .toProvider(() -> ModelCheckpoint.builder().build());
  }

  /** Both write into one folder. */
  private List<Logger> loggers() {
    RunFolder folder = RunFolder.under(rootDir);
    return List.of(new TensorBoardLogger(folder), new CsvLogger(folder));
  }
}
