package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.annotation.Hook;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.BoundModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls callbacks and then the module at each moment of a run.
 *
 * <p>Which callbacks override a method is found out once, so that a moment nobody cares for costs a
 * look-up in two arrays.
 */
final class HookDispatcher {
  private static final Callback[] NOBODY = {};

  private final Trainer trainer;
  private final FulgurModule module;
  private final BoundModule bound;
  private final LogConnector log;
  private final ModuleCalls calls;
  private final Profiler profiler;
  private final IdentityHashMap<Callback, String> names;
  private final Map<Moment, Callback[]> callbacks = new EnumMap<>(Moment.class);
  private final Map<Moment, Hook> hooks = new EnumMap<>(Moment.class);

  HookDispatcher(
      Trainer trainer, BoundModule bound, LogConnector log, Profiler profiler, List<Callback> all) {
    this.trainer = trainer;
    this.module = bound.module();
    this.bound = bound;
    this.log = log;
    this.calls = new ModuleCalls(bound, log, profiler);
    this.profiler = profiler;
    this.names = names(all);
    for (Moment moment : Moment.values()) {
      callbacks.put(
          moment, all.stream().filter(each -> overrides(each, moment)).toArray(Callback[]::new));
    }
    for (Hook hook : Hook.values()) {
      if (hook != Hook.CONFIGURE_CALLBACKS && bound.has(hook)) {
        hooks.put(Moment.valueOf(hook.name()), hook);
      }
    }
  }

  /** Returns what calls the parts of a run that a module may replace. */
  ModuleCalls calls() {
    return calls;
  }

  /** Returns whether anybody is called at a moment. */
  boolean has(Moment moment) {
    return callbacks(moment).length > 0 || hooks.containsKey(moment);
  }

  /** Starts the action of a callback for the profiler; returns null without one. */
  private Profiler.@Nullable Region region(Callback callback, Moment moment) {
    return profiler == Profiler.NONE
        ? null
        : profiler.region(names.get(callback) + "." + moment.label());
  }

  /** Names callbacks by their class, and those of one class with a number. */
  private static IdentityHashMap<Callback, String> names(List<Callback> all) {
    List<String> each = Actions.owners(Actions.CALLBACK, all);
    IdentityHashMap<Callback, String> names = new IdentityHashMap<>();
    for (int i = 0; i < each.size(); i++) {
      names.put(all.get(i), each.get(i));
    }
    return names;
  }

  private Callback[] callbacks(Moment moment) {
    return callbacks.getOrDefault(moment, NOBODY);
  }

  private static boolean overrides(Callback callback, Moment moment) {
    String name = moment.callbackMethod();
    if (name == null) {
      return false;
    }
    for (Method method : callback.getClass().getMethods()) {
      // One that a public class inherits from another that is not is a bridge.
      if (method.getName().equals(name) && method.getDeclaringClass() != Callback.class) {
        return true;
      }
    }
    return false;
  }

  /** A method of callbacks that takes nothing of its own. */
  @FunctionalInterface
  interface PlainCall {
    void on(Callback callback, Trainer trainer, FulgurModule module);
  }

  /** A method of callbacks that takes one thing. */
  @FunctionalInterface
  interface SubjectCall<T> {
    void on(Callback callback, Trainer trainer, FulgurModule module, T subject);
  }

  /** A method of callbacks that is called before a batch. */
  @FunctionalInterface
  interface BatchStartCall {
    void on(
        Callback callback,
        Trainer trainer,
        FulgurModule module,
        Batch batch,
        int batchIndex,
        int dataloaderIndex);
  }

  /** A method of callbacks that is called after a batch. */
  @FunctionalInterface
  interface BatchEndCall {
    void on(
        Callback callback,
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex,
        int dataloaderIndex);
  }

  /** Passes a moment: callbacks first, then the module. */
  void run(Moment moment, PlainCall call) {
    if (!has(moment)) {
      return;
    }
    Moment before = log.enter(moment);
    for (Callback callback : callbacks(moment)) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.run(hook);
    }
    log.enter(before);
  }

  /** Passes a moment that callbacks have no method for. */
  void run(Moment moment) {
    run(moment, (callback, ofRun, of) -> {});
  }

  /** Passes a moment that offers one thing. */
  <T> void run(Moment moment, T subject, SubjectCall<T> call) {
    run(moment, subject, call, subject);
  }

  /** Passes a moment that offers something else to the module than to callbacks. */
  <T> void run(Moment moment, T subject, SubjectCall<T> call, Object forModule) {
    if (!has(moment)) {
      return;
    }
    Moment before = log.enter(moment);
    for (Callback callback : callbacks(moment)) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module, subject);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.run(hook, forModule);
    }
    log.enter(before);
  }

  /** Passes the moment before a batch. */
  void runBatchStart(
      Moment moment, BatchStartCall call, Batch batch, int batchIndex, int dataloaderIndex) {
    if (!has(moment)) {
      return;
    }
    Moment before = log.enter(moment);
    for (Callback callback : callbacks(moment)) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module, batch, batchIndex, dataloaderIndex);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.runBatchStart(hook, batch, batchIndex, dataloaderIndex);
    }
    log.enter(before);
  }

  /** Passes the moment after a batch. */
  void runBatchEnd(
      Moment moment,
      BatchEndCall call,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    if (!has(moment)) {
      return;
    }
    Moment before = log.enter(moment);
    for (Callback callback : callbacks(moment)) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module, output, batch, batchIndex, dataloaderIndex);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.runBatchEnd(hook, output, batch, batchIndex, dataloaderIndex);
    }
    log.enter(before);
  }

  /**
   * Ends a training epoch: ordinary callbacks, the module, and those that watch what it logged.
   *
   * @param beforeWatchers what is done when all has been logged, and before it is saved
   */
  void runTrainEpochEnd(Runnable beforeWatchers) {
    Moment before = log.enter(Moment.TRAIN_EPOCH_END);
    Callback[] all = callbacks(Moment.TRAIN_EPOCH_END);
    epochEnd(all, /* ordinary= */ true);
    Hook hook = hooks.get(Moment.TRAIN_EPOCH_END);
    if (hook != null) {
      bound.run(hook);
    }
    beforeWatchers.run();
    epochEnd(all, /* ordinary= */ false);
    log.enter(before);
  }

  private void epochEnd(Callback[] all, boolean ordinary) {
    for (Callback callback : all) {
      if ((callback.order() == Callback.Order.ORDINARY) == ordinary) {
        try (Profiler.Region region = region(callback, Moment.TRAIN_EPOCH_END)) {
          callback.onTrainEpochEnd(trainer, module);
        } catch (RuntimeException e) {
          throw failed(callback, Moment.TRAIN_EPOCH_END, e);
        }
      }
    }
  }

  /** Tells of a failure to every callback, whatever they do about it. */
  void runException(Throwable exception) {
    log.enter(Moment.EXCEPTION);
    for (Callback callback : callbacks(Moment.EXCEPTION)) {
      try (Profiler.Region region = region(callback, Moment.EXCEPTION)) {
        callback.onException(trainer, module, exception);
      } catch (RuntimeException e) {
        exception.addSuppressed(failed(callback, Moment.EXCEPTION, e));
      }
    }
    if (bound.has(Hook.EXCEPTION)) {
      try {
        bound.run(Hook.EXCEPTION, exception);
      } catch (RuntimeException e) {
        exception.addSuppressed(e);
      }
    }
  }

  private FulgurException failed(Callback callback, Moment moment, RuntimeException cause) {
    if (cause instanceof FulgurException own) {
      return own;
    }
    return new FulgurException(
        ErrorId.CALLBACK_FAILED,
        "The callback %s failed in %s at epoch %d, step %d: %s. Mend it, or leave it out of the trainer."
            .formatted(
                callback.getClass().getName(),
                moment.label(),
                trainer.currentEpoch(),
                trainer.globalStep(),
                cause),
        cause);
  }
}
