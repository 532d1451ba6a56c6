package io.fulgur.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.error.FulgurException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleProfilerTest {
  private static final long MILLI = 1_000_000;
  private static final String FIT =
      """
      Profile of fit, 10.000 ms in all
      action                                     calls  mean ms  total ms     %
      [Trainer]trainingBatch                         2    3.500     7.000  70.0
      [Module]trainingStep                           2    2.000     4.000  40.0
      [DataLoader]loadBatch                          1    1.250     1.250  12.5
      [Callback]ModelCheckpoint.onTrainEpochEnd      1    1.000     1.000  10.0
      """;

  private final AtomicLong now = new AtomicLong(77 * MILLI);
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);

  @TempDir Path folder;

  private void run(SimpleProfiler profiler) {
    profiler.setup(RunKind.FIT, folder);
    for (int i = 0; i < 2; i++) {
      profiler.start("[Trainer]trainingBatch");
      now.addAndGet(MILLI);
      profiler.start("[Module]trainingStep");
      now.addAndGet((1 + 2L * i) * MILLI);
      profiler.stop("[Module]trainingStep");
      now.addAndGet(MILLI / 2);
      profiler.stop("[Trainer]trainingBatch");
    }
    profiler.record("[DataLoader]loadBatch", 10, 10 + MILLI * 5 / 4);
    try (Profiler.Region region = profiler.region("[Callback]ModelCheckpoint.onTrainEpochEnd")) {
      now.addAndGet(MILLI);
    }
    now.addAndGet(2 * MILLI);
    profiler.teardown();
    now.addAndGet(5 * MILLI);
  }

  @Test
  void teardown_aRun_printsTheTable() {
    SimpleProfiler profiler = new SimpleProfiler(null, out, now::get);
    run(profiler);

    assertThat(printed.toString(UTF_8)).isEqualTo(FIT);
    assertThat(profiler.summary()).isEqualTo(FIT);
    assertThat(profiler.actions().get(0))
        .isEqualTo(new ActionTime("[Trainer]trainingBatch", 2, 7 * MILLI, 7 * MILLI));
  }

  @Test
  void teardown_aSecondRun_countsThatAlone() {
    SimpleProfiler profiler = new SimpleProfiler(null, out, now::get);
    run(profiler);
    run(profiler);

    assertThat(printed.toString(UTF_8)).isEqualTo(FIT + FIT);
  }

  @Test
  void teardown_folderGiven_writesAFileBesideThoseOfEarlierRuns() throws IOException {
    Path files = folder.resolve("profiles");
    SimpleProfiler profiler = new SimpleProfiler(files, out, now::get);
    run(profiler);
    run(profiler);

    assertThat(files.resolve("fit-profile.txt")).hasContent(FIT);
    assertThat(files.resolve("fit-profile-v1.txt")).hasContent(FIT);
    try (var all = Files.list(files)) {
      assertThat(all).hasSize(2);
    }
    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  @Test
  void summary_nothingMeasured_isATableWithoutRows() {
    assertThat(new SimpleProfiler(null, out, now::get).summary())
        .isEqualTo(
            "Profile of nothing yet, 0.000 ms in all\naction  calls  mean ms  total ms  %\n");
  }

  @Test
  void start_onTwoThreads_countsBoth() throws InterruptedException {
    SimpleProfiler profiler = new SimpleProfiler(null, out, now::get);
    profiler.start("load");
    Thread other =
        new Thread(
            () -> {
              profiler.start("load");
              profiler.stop("load");
            });
    other.start();
    other.join();
    profiler.stop("load");

    assertThat(profiler.actions()).singleElement().extracting(ActionTime::calls).isEqualTo(2L);
  }

  // ---------------------------------------------------------------- misuse

  private Profiler profiler(String kind) {
    return kind.equals("simple")
        ? new SimpleProfiler(null, out, now::get)
        : ChromeTraceProfiler.builder().out(out).clock(now::get).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "trace"})
  void start_runningAction_isAnError(String kind) {
    Profiler profiler = profiler(kind);
    profiler.start("load");
    profiler.start("decode");

    assertThatThrownBy(() -> profiler.start("load"))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[ActionRunning] The action \"load\" was started, but it runs already. Stop it first, or"
                + " give the inner one another name.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "trace"})
  void stop_actionThatDoesNotRun_isAnErrorThatListsThoseThatDo(String kind) {
    Profiler profiler = profiler(kind);
    assertThatThrownBy(() -> profiler.stop("decode"))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[ActionNotRunning] The action \"decode\" was stopped, but it was not started on this"
                + " thread. Running: none. Start it first.");
    profiler.start("load");
    profiler.start("resize");

    assertThatThrownBy(() -> profiler.stop("decode"))
        .hasMessageContaining("Running: \"resize\", \"load\".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "trace"})
  void stop_outerBeforeInner_isAnError(String kind) {
    Profiler profiler = profiler(kind);
    profiler.start("load");
    profiler.start("decode");

    assertThatThrownBy(() -> profiler.stop("load"))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[ActionRunning] The action \"load\" was stopped, but \"decode\", which was started"
                + " after it, runs still. Stop the inner one first.");
    profiler.stop("decode");
    profiler.stop("load");
  }

  @Test
  void none_anything_doesNothing() {
    try (Profiler.Region region = Profiler.NONE.region("load")) {
      Profiler.NONE.stop("never started");
    }

    assertThat(Profiler.NONE.summary()).isEmpty();
  }
}
