package io.fulgur.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.log.LogOptions;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleProgressDisplayTest {
  private static final int WIDTH = 120;
  private static final int REFRESH_MILLIS = 100;
  private static final long BATCH_NANOS = 50_000_000;

  private final AtomicLong nanos = new AtomicLong();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);

  /** Lets the clock go on at each batch and shows metrics that are known. */
  private class TimedModule extends BoringModule {
    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      nanos.addAndGet(BATCH_NANOS);
      log("accuracy", 0.5 + currentEpoch() / 4.0, LogOptions.progressBar());
      return super.trainingLoss(batch, batchIndex).mul(0f).add(0.25f);
    }

    @Override
    protected void validationStep(Batch batch) {
      nanos.addAndGet(BATCH_NANOS);
      log("val_loss", 1e-5 / (1 + currentEpoch()), LogOptions.progressBar());
    }
  }

  private Trainer trainer(Screen screen, int epochs) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .logger(new RecordingLogger())
        .enableCheckpointing(false)
        .enableModelSummary(false)
        .callback(new ConsoleProgressDisplay(screen, REFRESH_MILLIS, nanos::get))
        .build();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = ConsoleProgressDisplayTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  /** Returns what stays on the terminal: of each line what was written over it last. */
  private String whatStays() {
    List<String> lines = new ArrayList<>();
    for (String line : output().split("\n", -1)) {
      lines.add(line.substring(line.lastIndexOf('\r') + 1).stripTrailing());
    }
    return String.join("\n", lines);
  }

  @Test
  void runs_intoAFile_aLineWhenEachIsOver() throws IOException {
    Trainer trainer = trainer(new LineScreen(stream), 2);
    DataModule data = BoringData.module(20, 10);
    TimedModule module = new TimedModule();
    trainer.fit(module, data);
    trainer.validate(module, data);
    trainer.test(module, data);
    trainer.predict(module, data);

    assertThat(output()).isEqualTo(golden("lines.txt"));
  }

  @Test
  void runs_onATerminal_aBarStaysOfEach() throws IOException {
    Trainer trainer =
        trainer(new TerminalScreen(stream, WIDTH, /* unicode= */ true, REFRESH_MILLIS), 2);
    DataModule data = BoringData.module(20, 10);
    TimedModule module = new TimedModule();
    trainer.fit(module, data);
    trainer.test(module, data);

    assertThat(whatStays()).isEqualTo(golden("bars.txt"));
    assertThat(output().lines().flatMap(line -> List.of(line.split("\r")).stream()))
        .allMatch(frame -> frame.length() <= WIDTH)
        .anyMatch(frame -> frame.startsWith("Sanity check: "));
  }

  @Test
  void fit_onANarrowTerminal_leavesOutTheBarAndThenMetrics() {
    trainer(new TerminalScreen(stream, 60, /* unicode= */ true, REFRESH_MILLIS), 1)
        .fit(new TimedModule(), BoringData.module(20, 10));

    assertThat(whatStays())
        .isEqualTo("Epoch 0: 100% 20/20 [00:01<00:00, 20.0it/s, v_num=0, ...]\n");
  }

  @Test
  void fit_refreshedSeldom_isDrawnSeldom() {
    int hourMillis = 3_600_000;
    trainer(new TerminalScreen(stream, WIDTH, /* unicode= */ true, hourMillis), 1)
        .fit(new TimedModule(), BoringData.module(500, 1));

    assertThat(output().lines().filter(line -> line.contains("Epoch 0")).findFirst())
        .hasValueSatisfying(line -> assertThat(line.split("\r")).hasSizeLessThan(8));
  }

  @Test
  void new_noRefreshInterval_isRefused() {
    assertThatThrownBy(() -> new ConsoleProgressDisplay(0))
        .hasMessage(
            "[InvalidOptions] refreshIntervalMillis of ConsoleProgressDisplay is 0, but must be at least 1. To show nothing, use enableProgressBar(false).");
  }

  @Test
  void fit_fails_endsTheLine() {
    BoringModule failing =
        new BoringModule() {
          @Override
          protected Tensor trainingLoss(Batch batch, int batchIndex) {
            if (batchIndex == 3) {
              throw new IllegalStateException("out of luck");
            }
            return super.trainingLoss(batch, batchIndex).mul(0f).add(0.25f);
          }
        };

    assertThatThrownBy(
            () ->
                trainer(new TerminalScreen(stream, WIDTH, /* unicode= */ false, REFRESH_MILLIS), 1)
                    .fit(failing, BoringData.module(4, 1)))
        .hasMessageContaining("out of luck");
    assertThat(whatStays()).startsWith("Epoch 0:  75%|####").contains("| 3/4 [").endsWith("]\n");
  }
}
