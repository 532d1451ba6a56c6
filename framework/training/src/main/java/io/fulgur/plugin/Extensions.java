package io.fulgur.plugin;

import com.google.inject.Binder;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.callback.ProgressDisplay;
import io.fulgur.callback.SummaryDisplay;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.log.Logger;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.profile.Profiler;
import java.util.List;

/**
 * The places of a trainer at which a plugin may bind something of its own.
 *
 * <p>Sets are added to with {@code addBinding()}; of everything else there is one, whose default a
 * plugin replaces with {@code setBinding()}. What a user gives to the builder goes before both.
 *
 * @since 0.1
 */
public final class Extensions {
  private Extensions() {}

  /** Callbacks that every trainer has beside its user's. */
  public static Multibinder<Callback> callbacks(Binder binder) {
    return Multibinder.newSetBinder(binder, Callback.class);
  }

  /** Loggers that every trainer has beside its user's. */
  public static Multibinder<Logger> loggers(Binder binder) {
    return Multibinder.newSetBinder(binder, Logger.class);
  }

  /** The loggers of a trainer whose user gave none; the first one decides where files go. */
  public static OptionalBinder<List<Logger>> defaultLoggers(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, new TypeLiteral<List<Logger>>() {});
  }

  /** How numbers are treated. */
  public static OptionalBinder<PrecisionPlugin> precision(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, PrecisionPlugin.class);
  }

  /** Where checkpoints go and in which form. */
  public static OptionalBinder<CheckpointIO> checkpointIO(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, CheckpointIO.class);
  }

  /** What measures the runs; nothing unless a plugin or the user gives something. */
  public static OptionalBinder<Profiler> profiler(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, Profiler.class);
  }

  /** What shows progress unless the user gave something. */
  public static OptionalBinder<ProgressDisplay> progressDisplay(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, ProgressDisplay.class);
  }

  /** What shows the module's summary unless the user gave something. */
  public static OptionalBinder<SummaryDisplay> summaryDisplay(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, SummaryDisplay.class);
  }

  /** What writes checkpoints unless the user gave something. */
  public static OptionalBinder<CheckpointCallback> checkpointing(Binder binder) {
    return OptionalBinder.newOptionalBinder(binder, CheckpointCallback.class);
  }
}
