package io.fulgur.callback.monitor;

import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.tensor.Engine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Logs what the machine, the JVM and the tensor engine tell of themselves, after the batches whose
 * values go to the loggers anyway.
 *
 * <p>Under {@code DeviceStatsMonitor.on_train_batch_end/cpu_percent}, and {@code
 * on_validation_batch_end} and {@code on_test_batch_end} likewise:
 *
 * <ul>
 *   <li>{@code cpu_percent}, {@code cpu_vm_percent}, {@code cpu_swap_percent}: load, memory and
 *       swap space in use of the whole machine; {@code process_cpu_percent} the load by this
 *       process; {@code system_load_average} how many processes ran or wanted to, over a minute;
 *   <li>{@code heap_used_bytes}, {@code gc_time_ms}: the Java heap, and the time that collecting
 *       its garbage took since the JVM began;
 *   <li>{@code pooled_bytes}: the native memory of the step scopes of the thread that trains;
 *   <li>what {@link Engine#deviceStats()} tells: of ND4J on a CPU {@code native_bytes}, what
 *       tensors and ND4J have allocated, and {@code resident_bytes}, the memory of the process.
 * </ul>
 *
 * <p>What the system does not know is left out. Reading all of it takes about 100 microseconds.
 * Follows {@code lightning.pytorch.callbacks.DeviceStatsMonitor}, which logs at the start of
 * batches as well.
 *
 * @since 0.1
 */
public final class DeviceStatsMonitor implements Callback {
  private static final LogOptions STEPS = LogOptions.onStep().onEpoch(false);

  private final Set<String> wanted;

  /** Logs everything. */
  public DeviceStatsMonitor() {
    this(Set.of());
  }

  private DeviceStatsMonitor(Set<String> wanted) {
    this.wanted = wanted;
  }

  /** Logs some of the values only, e.g. {@code cpu_percent}. */
  public static DeviceStatsMonitor of(String... names) {
    return new DeviceStatsMonitor(Set.copyOf(List.of(names)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws FulgurException if there is no logger, or a value has no such name
   */
  @Override
  public void setup(Trainer trainer, FulgurModule module, RunKind kind) {
    if (trainer.loggers().isEmpty() && !trainer.isFastDevRun()) {
      throw new FulgurException(
          ErrorId.NO_LOGGER,
          "DeviceStatsMonitor was given to a trainer that has no logger. Give it one with logger(...), or leave the callback out.");
    }
    Set<String> known = SystemStats.read(Engine.defaultEngine()).keySet();
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new FulgurException(
            ErrorId.UNKNOWN_NAME,
            "DeviceStatsMonitor has no value \"%s\". There are %s.%s"
                .formatted(name, String.join(", ", known), Suggestions.didYouMean(name, known)));
      }
    }
  }

  @Override
  public void onTrainBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex) {
    log(trainer, "DeviceStatsMonitor.on_train_batch_end/");
  }

  @Override
  public void onValidationBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    log(trainer, "DeviceStatsMonitor.on_validation_batch_end/");
  }

  @Override
  public void onTestBatchEnd(
      Trainer trainer,
      FulgurModule module,
      @Nullable StepOutput output,
      Batch batch,
      int batchIndex,
      int dataloaderIndex) {
    log(trainer, "DeviceStatsMonitor.on_test_batch_end/");
  }

  private void log(Trainer trainer, String prefix) {
    if (!trainer.isLogDue()) {
      return;
    }
    for (Map.Entry<String, Double> stat : SystemStats.read(Engine.defaultEngine()).entrySet()) {
      boolean asked = wanted.isEmpty() || wanted.contains(stat.getKey());
      if (asked && !Double.isNaN(stat.getValue())) {
        trainer.log(prefix + stat.getKey(), stat.getValue(), STEPS);
      }
    }
  }
}
