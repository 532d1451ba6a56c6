package io.fulgur.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fulgur.RunKind;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Activations;
import io.fulgur.testkit.CleanThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each look at the clock takes a microsecond. */
@ExtendWith(CleanThread.class)
class ChromeTraceProfilerTest {
  private static final long MICRO = 1000;

  private final AtomicLong now = new AtomicLong(5_000_000_000L);
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir Path folder;

  private ChromeTraceProfilerBuilder builder() {
    return ChromeTraceProfiler.builder()
        .out(new PrintStream(printed, true, UTF_8))
        .clock(() -> now.addAndGet(MICRO));
  }

  private TraceFormat trace() throws IOException {
    return TraceFormat.read(folder.resolve("fit-trace.json"));
  }

  /** A step of an operator, a composed one, and a copy back. */
  private static void step(Profiler profiler, Tensor x) {
    profiler.start("[Trainer]trainingBatch");
    try (StepScope scope = StepScope.open("traced")) {
      profiler.start("[Module]trainingStep");
      x.add(x).toDoubleArray();
      profiler.stop("[Module]trainingStep");
      Activations.elu(x, 0.5);
    }
    profiler.stop("[Trainer]trainingBatch");
    profiler.endStep();
  }

  @Test
  void teardown_aRun_traceHoldsActionsOperatorsAndCopiesInsideEachOther() throws IOException {
    ChromeTraceProfiler profiler = builder().build();
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    profiler.setup(RunKind.FIT, folder);
    step(profiler, x);
    profiler.teardown();

    TraceFormat trace = trace();
    assertThat(profiler.path()).isEqualTo(folder.resolve("fit-trace.json"));
    assertThat(trace.process()).isEqualTo("fulgur fit");
    assertThat(trace.threads())
        .containsExactly(
            Map.entry((int) ProcessHandle.current().pid(), Thread.currentThread().getName()));
    assertThat(trace.events())
        .extracting(TraceFormat.Event::name, TraceFormat.Event::category)
        .startsWith(
            tuple("[Trainer]trainingBatch", "action"),
            tuple("[Module]trainingStep", "action"),
            tuple("add", "operator"),
            tuple("copy device to host", "copy"),
            tuple("elu", "operator"));
    TraceFormat.Event step = trace.events("[Module]trainingStep").get(0);
    assertThat(trace.inside(step))
        .extracting(TraceFormat.Event::name)
        .containsExactly("add", "copy device to host");
    assertThat(trace.inside(trace.events("elu").get(0))).isNotEmpty();
    assertThat(trace.events("copy device to host").get(0).args().path("bytes").intValue())
        .isEqualTo(16);
    assertThat(step.end() - step.start()).isEqualTo(5 * MICRO);
  }

  @Test
  void teardown_aRun_printsTheOperatorsThatTookMost() {
    ChromeTraceProfiler profiler = builder().rowLimit(2).build();
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    profiler.setup(RunKind.FIT, folder);
    for (int i = 0; i < 3; i++) {
      x.add(x);
    }
    x.mul(x).toFloatArray();
    profiler.teardown();

    assertThat(printed.toString(UTF_8))
        .isEqualTo(
            """
            Trace of fit: %s, for https://ui.perfetto.dev
            operator             calls  self ms  self %%  total ms  mean ms
            add                      3    0.003    60.0     0.003    0.001
            copy device to host      1    0.001    20.0     0.001    0.001
            1 more operators
            """
                .formatted(folder.resolve("fit-trace.json")));
    assertThat(profiler.operators())
        .first()
        .isEqualTo(new ActionTime("add", 3, 3 * MICRO, 3 * MICRO));
  }

  @Test
  void operators_composed_countTheirPartsOnce() {
    ChromeTraceProfiler profiler = builder().build();
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    profiler.setup(RunKind.FIT, folder);
    Activations.elu(x, 0.5);
    profiler.teardown();

    ActionTime outer =
        profiler.operators().stream().filter(each -> each.name().equals("elu")).findAny().get();
    assertThat(outer.selfNanos()).isPositive().isLessThan(outer.totalNanos());
    assertThat(profiler.operators().stream().mapToLong(ActionTime::selfNanos).sum())
        .isEqualTo(outer.totalNanos());
  }

  @Test
  void build_recordShapes_writesThem() throws IOException {
    ChromeTraceProfiler profiler = builder().recordShapes(true).build();
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    profiler.setup(RunKind.FIT, folder);
    x.matmul(Tensor.of(new float[] {1, 2}, 2, 1));
    profiler.teardown();

    assertThat(trace().events("matmul").get(0).args())
        .hasToString("{\"Input Dims\":[[3,2],[2,1]],\"Input type\":[\"F32\",\"F32\"]}");
  }

  @Test
  void endStep_schedule_recordsTheActiveStepsOnly() throws IOException {
    ChromeTraceProfiler profiler =
        builder().schedule(ProfilerSchedule.of(1, 1, 2).repeat(1)).build();
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    profiler.setup(RunKind.FIT, folder);
    profiler.start("[Trainer]trainingEpoch");
    for (int i = 0; i < 8; i++) {
      step(profiler, x);
    }
    profiler.stop("[Trainer]trainingEpoch");
    profiler.teardown();

    TraceFormat trace = trace();
    assertThat(trace.events("[Trainer]trainingBatch")).hasSize(2);
    assertThat(trace.events("add")).hasSize(2);
    // What had begun before and ends afterwards is there as far as it was recorded.
    assertThat(trace.events("[Trainer]trainingEpoch")).hasSize(1);
    assertThat(trace.inside(trace.events("[Trainer]trainingEpoch").get(0)))
        .hasSize(trace.events().size() - 1);
    assertThat(profiler.operators())
        .filteredOn(each -> each.name().equals("add"))
        .extracting(ActionTime::calls)
        .containsExactly(2L);
  }

  @Test
  void endStep_waiting_observesNoOperator() {
    ChromeTraceProfiler profiler = builder().schedule(ProfilerSchedule.of(5, 0, 1)).build();
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    profiler.setup(RunKind.FIT, folder);
    long before = now.get();
    x.add(x);

    assertThat(now).hasValue(before);
    profiler.teardown();
  }

  @Test
  void record_otherThreads_haveLinesThatTheirSuccessorsTakeOver() throws Exception {
    ChromeTraceProfiler profiler = builder().build();
    profiler.setup(RunKind.FIT, folder);
    for (int epoch = 0; epoch < 2; epoch++) {
      for (int worker = 0; worker < 2; worker++) {
        Thread thread =
            new Thread(
                () -> profiler.record("[DataLoader]loadBatch", now.get(), now.addAndGet(MICRO)),
                "worker-" + worker);
        thread.start();
        thread.join();
      }
    }
    profiler.teardown();

    TraceFormat trace = trace();
    assertThat(trace.threads().values())
        .containsExactlyInAnyOrder(Thread.currentThread().getName(), "worker-0", "worker-1");
    assertThat(trace.events("[DataLoader]loadBatch"))
        .extracting(trace::thread)
        .containsExactly("worker-0", "worker-0", "worker-1", "worker-1");
  }

  @Test
  void record_threadsOfOneNameAtOnce_haveLinesOfTheirOwn() throws Exception {
    ChromeTraceProfiler profiler = builder().build();
    profiler.setup(RunKind.FIT, folder);
    Runnable work = () -> profiler.record("[DataLoader]loadBatch", now.get(), now.addAndGet(MICRO));
    Thread outer =
        new Thread(
            () -> {
              work.run();
              Thread inner = new Thread(work, "worker");
              inner.start();
              try {
                inner.join();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            "worker");
    outer.start();
    outer.join();
    profiler.teardown();

    assertThat(trace().threads().values())
        .containsExactlyInAnyOrder(Thread.currentThread().getName(), "worker", "worker");
  }

  @Test
  void setup_traceOfAnEarlierRun_staysAsItWas() throws IOException {
    Files.writeString(folder.resolve("fit-trace.json"), "earlier");
    ChromeTraceProfiler profiler = builder().build();
    profiler.setup(RunKind.FIT, folder);
    profiler.teardown();

    assertThat(folder.resolve("fit-trace.json")).hasContent("earlier");
    assertThat(profiler.path()).isEqualTo(folder.resolve("fit-trace-v1.json"));
    assertThat(TraceFormat.read(profiler.path()).events()).isEmpty();
  }

  @Test
  void setup_folderThatCannotBeMade_isAnErrorBeforeTheRun() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    ChromeTraceProfiler profiler = builder().directory(file.resolve("traces")).build();

    assertThatThrownBy(() -> profiler.setup(RunKind.FIT, folder))
        .isInstanceOf(FulgurException.class)
        .hasMessageStartingWith("[CannotWrite] The trace " + file + "/traces/fit-trace.json cannot")
        .hasMessageEndingWith("Give the profiler another directory.");
  }

  @Test
  void build_maxBytes_leavesTheRestOutAndStaysValid() throws IOException {
    ChromeTraceProfiler profiler = builder().maxBytes(3000).build();
    profiler.setup(RunKind.FIT, folder);
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    for (int i = 0; i < 10_000; i++) {
      x.add(x);
    }
    profiler.teardown();

    assertThat(trace().events()).isNotEmpty();
    assertThat(Files.size(folder.resolve("fit-trace.json"))).isBetween(3000L, 3000L + (1 << 14));
    assertThat(profiler.operators().get(0).calls()).isEqualTo(10_000);
  }

  @Test
  void build_numbersTooSmall_isAnError() {
    assertThatThrownBy(() -> builder().maxBytes(0).rowLimit(-1).build())
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidOptions] ChromeTraceProfiler has maxBytes 0, which must be at least 1, and"
                + " rowLimit -1, which must be at least 0.");
  }
}
