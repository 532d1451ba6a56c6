package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileWriterTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_250L));

  @TempDir Path folder;

  private final ManualScheduler scheduler = new ManualScheduler();

  @Test
  void open_missingFolder_createsItAndNamesTheFileAsTensorBoard() {
    Path run = folder.resolve("logs").resolve("version_0");

    try (EventFileWriter writer = writerIn(run).open()) {
      assertThat(writer.file().getParent()).isEqualTo(run);
      assertThat(writer.file().getFileName().toString())
          .matches(
              "events\\.out\\.tfevents\\.1700000000\\.[A-Za-z0-9._-]+\\."
                  + ProcessHandle.current().pid()
                  + "\\.\\d+");
    }
  }

  @Test
  void open_beforeAnyEvent_fileVersionIsInTheFile() {
    try (EventFileWriter writer = writerIn(folder).open();
        EventFileReader reader = EventFileReader.open(writer.file())) {
      assertThat(reader.events())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getFileVersion()).isEqualTo("brain.Event:2");
                assertThat(event.getWallTime()).isEqualTo(1_700_000_000.25);
              });
    }
  }

  @Test
  void open_twiceInOneSecond_givesTwoFilesOfOneRun() {
    try (EventFileWriter first = writerIn(folder).open();
        EventFileWriter second = EventFileWriter.builder(folder).clock(CLOCK).open()) {
      first.add(TestEvents.ofStep(1));
      first.flush();
      second.add(TestEvents.ofStep(2));
      second.flush();

      assertThat(first.file()).isNotEqualTo(second.file());
      assertThat(TestEvents.steps(first.file())).containsExactly(1L);
      assertThat(TestEvents.steps(second.file())).containsExactly(2L);
    }
  }

  @Test
  void open_nameTaken_leavesThatFileAloneAndTakesAnother() throws IOException {
    Path[] taken = new Path[1];
    EventFiles.Opener opener =
        file -> {
          if (taken[0] == null) {
            taken[0] = Files.writeString(file, "another process's");
          }
          return EventFiles.openNew(file);
        };

    try (EventFileWriter writer = writerIn(folder).opener(opener).open()) {
      assertThat(writer.file()).isNotEqualTo(taken[0]);
      assertThat(taken[0]).hasContent("another process's");
      assertThat(TestEvents.steps(writer.file())).isEmpty();
    }
  }

  @Test
  void add_withoutFlush_staysInTheQueue() {
    try (EventFileWriter writer = writerIn(folder).open()) {
      writer.add(TestEvents.ofStep(1));
      scheduler.awaitRequests();

      assertThat(scheduler.requests()).isZero();
      assertThat(TestEvents.steps(writer.file())).isEmpty();
    }
  }

  @Test
  void flush_afterAdds_allAreInTheFileInOrder() {
    try (EventFileWriter writer = writerIn(folder).open()) {
      LongStream.range(0, 100).forEach(step -> writer.add(TestEvents.ofStep(step)));

      writer.flush();

      assertThat(TestEvents.steps(writer.file()))
          .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    }
  }

  @Test
  void interval_over_writesWithoutBeingAsked() {
    try (EventFileWriter writer = writerIn(folder).flushIntervalMillis(1234).open()) {
      writer.add(TestEvents.ofStep(1));
      scheduler.letIntervalPass();

      assertThat(scheduler.intervalMillis()).isEqualTo(1234);
      assertThat(TestEvents.steps(writer.file())).containsExactly(1L);
    }
  }

  @Test
  void interval_byDefault_isTenSeconds() {
    try (EventFileWriter writer = writerIn(folder).open()) {
      assertThat(writer.file()).exists();
      assertThat(scheduler.intervalMillis()).isEqualTo(TimeUnit.SECONDS.toMillis(10));
    }
  }

  @Test
  void add_queueHalfFull_asksOnceForADrain() {
    CountDownLatch released = new CountDownLatch(1);
    try (EventFileWriter writer = writerIn(folder).queueCapacity(8).open()) {
      scheduler.holdUntil(released);
      LongStream.range(0, 3).forEach(step -> writer.add(TestEvents.ofStep(step)));
      int belowHalf = scheduler.requests();
      LongStream.range(3, 6).forEach(step -> writer.add(TestEvents.ofStep(step)));
      int aboveHalf = scheduler.requests();
      released.countDown();
      scheduler.awaitRequests();

      assertThat(belowHalf).isZero();
      assertThat(aboveHalf).isEqualTo(1);
      assertThat(TestEvents.steps(writer.file())).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void add_halfTheBytesOfTheQueue_asksForADrain() {
    try (EventFileWriter writer = writerIn(folder).queueCapacityBytes(1000).open()) {
      writer.add(() -> TestEvents.ofStep(1), /* payloadBytes= */ 499);
      assertThat(scheduler.requests()).isZero();

      writer.add(() -> TestEvents.ofStep(2), /* payloadBytes= */ 1);
      scheduler.awaitRequests();

      assertThat(TestEvents.steps(writer.file())).containsExactly(1L, 2L);
    }
  }

  @Test
  void close_withWaitingEvents_writesThem() {
    EventFileWriter writer = writerIn(folder).open();
    writer.add(TestEvents.ofStep(1));

    writer.close();

    assertThat(TestEvents.steps(writer.file())).containsExactly(1L);
    assertThat(scheduler.isShutdown()).isTrue();
  }

  @Test
  void close_twice_doesNothingTheSecondTime() throws IOException {
    EventFileWriter writer = writerIn(folder).open();
    writer.add(TestEvents.ofStep(1));
    writer.close();
    byte[] contents = Files.readAllBytes(writer.file());

    writer.close();

    assertThat(writer.file()).hasBinaryContent(contents);
  }

  @Test
  void addAndFlush_afterClose_saySo() {
    EventFileWriter writer = writerIn(folder).open();
    writer.close();
    String message =
        "The event file " + writer.file() + " is closed. Open a new writer on its folder to go on.";

    assertThatThrownBy(() -> writer.add(TestEvents.ofStep(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(writer::flush).isInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void builder_optionNotPositive_isRefused(long value) {
    EventFileWriter.Builder builder = EventFileWriter.builder(folder);

    assertThatThrownBy(() -> builder.flushIntervalMillis(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("flushIntervalMillis is " + value + "; it must be at least 1.");
    assertThatThrownBy(() -> builder.queueCapacity((int) value))
        .hasMessage("queueCapacity is " + value + "; it must be at least 1.");
    assertThatThrownBy(() -> builder.queueCapacityBytes(value))
        .hasMessage("queueCapacityBytes is " + value + "; it must be at least 1.");
  }

  private EventFileWriter.Builder writerIn(Path run) {
    return EventFileWriter.builder(run).clock(CLOCK).scheduler(() -> scheduler);
  }
}
