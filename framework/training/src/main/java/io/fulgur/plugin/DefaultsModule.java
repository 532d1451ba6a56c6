package io.fulgur.plugin;

import com.google.inject.AbstractModule;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.precision.Precision;

/** What a trainer has unless a plugin or the user says otherwise. */
final class DefaultsModule extends AbstractModule {
  @Override
  protected void configure() {
    Extensions.callbacks(binder());
    Extensions.loggers(binder());
    Extensions.defaultLogger(binder());
    Extensions.precision(binder()).setDefault().toInstance(Precision.F32_TRUE.plugin());
    Extensions.checkpointIO(binder()).setDefault().toInstance(new SafeTensorsCheckpointIO());
    Extensions.progressDisplay(binder());
    Extensions.summaryDisplay(binder());
    Extensions.checkpointing(binder());
  }
}
