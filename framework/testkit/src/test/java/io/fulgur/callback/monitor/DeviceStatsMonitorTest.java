package io.fulgur.callback.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.error.FulgurException;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import io.fulgur.testkit.RecordingLogger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CleanThread.class)
class DeviceStatsMonitorTest {
  private static final String TRAIN = "DeviceStatsMonitor.on_train_batch_end/";

  private final RecordingLogger logger = new RecordingLogger();

  private TrainerBuilder trainer() {
    return Trainer.builder()
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .maxEpochs(1)
        .logEveryNSteps(4);
  }

  @Test
  void fit_logIntervals_logsTheStateOfTheMachine() {
    trainer()
        .logger(logger)
        .callback(new DeviceStatsMonitor())
        .build()
        .fit(new BoringModule(), BoringData.module(10, 5));

    List<RecordingLogger.Entry> entries = logger.entries(TRAIN + "heap_used_bytes");
    assertThat(entries).extracting(RecordingLogger.Entry::step).containsExactly(3L, 7L);
    Map<String, Double> values = entries.get(1).values();
    assertThat(values)
        .containsKeys(
            TRAIN + "cpu_vm_percent",
            TRAIN + "cpu_swap_percent",
            TRAIN + "gc_time_ms",
            TRAIN + "pooled_bytes",
            TRAIN + "native_bytes",
            TRAIN + "resident_bytes");
    assertThat(values.get(TRAIN + "heap_used_bytes")).isPositive();
    assertThat(values.get(TRAIN + "pooled_bytes")).isPositive();
    assertThat(values.get(TRAIN + "native_bytes"))
        .isPositive()
        .isLessThan(values.get(TRAIN + "resident_bytes"));
    assertThat(values.get(TRAIN + "cpu_vm_percent")).isBetween(0.0, 100.0);
    assertThat(values.values()).doesNotContain(Double.NaN);
    assertThat(logger.entries("DeviceStatsMonitor.on_validation_batch_end/heap_used_bytes"))
        .extracting(RecordingLogger.Entry::step)
        .containsExactly(3L);
  }

  @Test
  void test_logIntervals_logsUnderANameOfItsOwnAndLeavesResultsAlone() {
    Trainer trainer = trainer().logger(logger).callback(new DeviceStatsMonitor()).build();

    assertThat(trainer.test(new BoringModule(), BoringData.loader(4)).get(0))
        .containsOnlyKeys("test_loss");
    assertThat(logger.entries("DeviceStatsMonitor.on_test_batch_end/heap_used_bytes")).hasSize(1);
  }

  @Test
  void of_names_logsThoseAlone() {
    trainer()
        .logger(logger)
        .callback(DeviceStatsMonitor.of("heap_used_bytes", "native_bytes"))
        .build()
        .fit(new BoringModule(), BoringData.loader(4));

    assertThat(logger.entries(TRAIN + "native_bytes").get(0).values())
        .containsOnlyKeys(
            "train_loss_step", TRAIN + "heap_used_bytes", TRAIN + "native_bytes", "epoch");
  }

  @Test
  void setup_unknownName_isAnErrorThatListsThoseThereAre() {
    Trainer trainer =
        trainer().logger(logger).callback(DeviceStatsMonitor.of("cpu_percentage")).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class)
        .hasMessageStartingWith(
            "[UnknownName] DeviceStatsMonitor has no value \"cpu_percentage\". There are"
                + " cpu_percent, process_cpu_percent,")
        .hasMessageEndingWith("Did you mean \"cpu_percent\"?");
  }

  @Test
  void setup_withoutLogger_isAnError() {
    Trainer trainer = trainer().enableLogging(false).callback(new DeviceStatsMonitor()).build();

    assertThatThrownBy(() -> trainer.fit(new BoringModule(), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[NoLogger] DeviceStatsMonitor was given to a trainer that has no logger. Give it one with"
                + " logger(...), or leave the callback out.");
  }

  @Test
  void fit_fastDevRun_doesWithoutLogger() {
    Trainer trainer = trainer().fastDevRun(1).callback(new DeviceStatsMonitor()).build();
    trainer.fit(new BoringModule(), BoringData.loader(4));

    assertThat(trainer.globalStep()).isEqualTo(1);
  }
}
