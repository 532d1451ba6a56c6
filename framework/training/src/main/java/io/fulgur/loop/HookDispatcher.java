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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls callbacks, the module, and those callbacks that are to see what it did, at each moment of a
 * run.
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
  private final Map<Moment, Callback[]> before = new EnumMap<>(Moment.class);
  private final Map<Moment, Callback[]> after = new EnumMap<>(Moment.class);
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
      List<Callback> ofMoment = all.stream().filter(each -> overrides(each, moment)).toList();
      before.put(moment, some(ofMoment, callback -> !isAfterModule(callback, moment)));
      after.put(moment, some(ofMoment, callback -> isAfterModule(callback, moment)));
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
    return before(moment).length > 0 || after(moment).length > 0 || hooks.containsKey(moment);
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

  /** Those that save and judge are to see all that happens at a moment. */
  private static boolean isAfterModule(Callback callback, Moment moment) {
    return switch (callback.order()) {
      case TUNER, ORDINARY -> false;
      case MONITOR -> moment == Moment.TRAIN_EPOCH_END;
      case CHECKPOINT -> true;
    };
  }

  private static Callback[] some(List<Callback> all, Predicate<Callback> which) {
    return all.stream().filter(which).toArray(Callback[]::new);
  }

  private Callback[] before(Moment moment) {
    return before.getOrDefault(moment, NOBODY);
  }

  private Callback[] after(Moment moment) {
    return after.getOrDefault(moment, NOBODY);
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

  /** Passes a moment. */
  void run(Moment moment, PlainCall call) {
    if (!has(moment)) {
      return;
    }
    Moment outer = log.enter(moment);
    run(before(moment), moment, call);
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.run(hook);
    }
    run(after(moment), moment, call);
    log.enter(outer);
  }

  private void run(Callback[] some, Moment moment, PlainCall call) {
    for (Callback callback : some) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
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
    Moment outer = log.enter(moment);
    run(before(moment), moment, subject, call);
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.run(hook, forModule);
    }
    run(after(moment), moment, subject, call);
    log.enter(outer);
  }

  private <T> void run(Callback[] some, Moment moment, T subject, SubjectCall<T> call) {
    for (Callback callback : some) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module, subject);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
  }

  /** Passes the moment before a batch. */
  void runBatchStart(
      Moment moment, BatchStartCall call, Batch batch, int batchIndex, int dataloaderIndex) {
    if (!has(moment)) {
      return;
    }
    Moment outer = log.enter(moment);
    runBatchStart(before(moment), moment, call, batch, batchIndex, dataloaderIndex);
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.runBatchStart(hook, batch, batchIndex, dataloaderIndex);
    }
    runBatchStart(after(moment), moment, call, batch, batchIndex, dataloaderIndex);
    log.enter(outer);
  }

  private void runBatchStart(
      Callback[] some,
      Moment moment,
      BatchStartCall call,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    for (Callback callback : some) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module, batch, batchIndex, dataloaderIndex);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
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
    Moment outer = log.enter(moment);
    runBatchEnd(before(moment), moment, call, output, batch, batchIndex, dataloaderIndex);
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.runBatchEnd(hook, output, batch, batchIndex, dataloaderIndex);
    }
    runBatchEnd(after(moment), moment, call, output, batch, batchIndex, dataloaderIndex);
    log.enter(outer);
  }

  private void runBatchEnd(
      Callback[] some,
      Moment moment,
      BatchEndCall call,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    for (Callback callback : some) {
      try (Profiler.Region region = region(callback, moment)) {
        call.on(callback, trainer, module, output, batch, batchIndex, dataloaderIndex);
      } catch (RuntimeException e) {
        throw failed(callback, moment, e);
      }
    }
  }

  /**
   * Ends a training epoch.
   *
   * @param beforeWatchers what is done when all has been logged, and before it is judged and saved
   */
  void runTrainEpochEnd(Runnable beforeWatchers) {
    Moment moment = Moment.TRAIN_EPOCH_END;
    Moment outer = log.enter(moment);
    run(before(moment), moment, Callback::onTrainEpochEnd);
    Hook hook = hooks.get(moment);
    if (hook != null) {
      bound.run(hook);
    }
    beforeWatchers.run();
    run(after(moment), moment, Callback::onTrainEpochEnd);
    log.enter(outer);
  }

  /** Tells of a failure to everybody, whatever they do about it. */
  void runException(Throwable exception) {
    log.enter(Moment.EXCEPTION);
    runException(before(Moment.EXCEPTION), exception);
    if (bound.has(Hook.EXCEPTION)) {
      try {
        bound.run(Hook.EXCEPTION, exception);
      } catch (RuntimeException e) {
        exception.addSuppressed(e);
      }
    }
    runException(after(Moment.EXCEPTION), exception);
  }

  private void runException(Callback[] some, Throwable exception) {
    for (Callback callback : some) {
      try (Profiler.Region region = region(callback, Moment.EXCEPTION)) {
        callback.onException(trainer, module, exception);
      } catch (RuntimeException e) {
        exception.addSuppressed(failed(callback, Moment.EXCEPTION, e));
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
