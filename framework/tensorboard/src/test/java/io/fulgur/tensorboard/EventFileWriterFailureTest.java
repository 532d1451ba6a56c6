package io.fulgur.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;

class EventFileWriterFailureTest {
  private static final int FILE_VERSION_BYTES = 40;

  @TempDir Path folder;

  @Test
  void open_folderIsAFile_saysWhatIsInTheWay() throws IOException {
    Path run = Files.createFile(folder.resolve("run"));

    assertThatThrownBy(() -> EventFileWriter.open(run))
        .isInstanceOf(EventFileException.class)
        .hasMessage(
            "Cannot create the event file "
                + run
                + ": a file of that name is in the way. Choose a folder that can be created or"
                + " written, or mend this one.");
  }

  @Test
  void open_unwritableFolder_saysSo() {
    EventFiles.Opener opener =
        file -> {
          throw new AccessDeniedException(file.toString());
        };

    assertThatThrownBy(() -> EventFileWriter.builder(folder).opener(opener).open())
        .isInstanceOf(EventFileException.class)
        .hasMessageMatching(
            "Cannot create the event file \\S+tfevents\\S+: permission denied\\. Choose a folder"
                + " that can be created or written, or mend this one\\.")
        .hasCauseInstanceOf(AccessDeniedException.class);
  }

  @Test
  void open_fullDisk_failsAtOnceAndClosesTheFile() {
    FailingDisk disk = new FailingDisk(0);

    assertThatThrownBy(() -> EventFileWriter.builder(folder).opener(disk).open())
        .isInstanceOf(EventFileException.class)
        .hasMessageContaining("No space left on device");
    assertThat(disk.isClosed()).isTrue();
  }

  @Test
  void everyCall_afterDiskIsFull_throwsAndTheFileIsLeftAlone() throws IOException {
    FailingDisk disk = new FailingDisk(FILE_VERSION_BYTES + 30);
    EventFileWriter writer = EventFileWriter.builder(folder).opener(disk).open();
    writer.add(TestEvents.ofStep(1));
    writer.flush();
    writer.add(TestEvents.ofStep(2));

    assertFailsAsFull(writer, writer::flush);
    byte[] contents = Files.readAllBytes(writer.file());
    assertFailsAsFull(writer, writer::flush);
    assertFailsAsFull(writer, () -> writer.add(TestEvents.ofStep(3)));
    assertFailsAsFull(writer, writer::close);
    writer.close();

    assertThat(disk.isClosed()).isTrue();
    assertThat(writer.file()).hasBinaryContent(contents);
    assertThat(TestEvents.steps(writer.file())).containsExactly(1L);
  }

  @Test
  void add_afterTheThreadFailedAlone_throws() {
    FailingDisk disk = new FailingDisk(FILE_VERSION_BYTES);
    ManualScheduler scheduler = new ManualScheduler();
    EventFileWriter writer =
        EventFileWriter.builder(folder).opener(disk).scheduler(() -> scheduler).open();
    writer.add(TestEvents.ofStep(1));
    scheduler.letIntervalPass();

    assertFailsAsFull(writer, () -> writer.add(TestEvents.ofStep(2)));
    assertFailsAsFull(writer, writer::close);
  }

  @Test
  void close_diskIsFull_throwsAndClosesTheFile() {
    FailingDisk disk = new FailingDisk(FILE_VERSION_BYTES);
    EventFileWriter writer = EventFileWriter.builder(folder).opener(disk).open();
    writer.add(TestEvents.ofStep(1));

    assertFailsAsFull(writer, writer::close);
    assertThat(disk.isClosed()).isTrue();
  }

  @Test
  void close_closingFails_throws() {
    FailingDisk disk = new FailingDisk(1000).failingAtClose();
    EventFileWriter writer = EventFileWriter.builder(folder).opener(disk).open();

    assertThatThrownBy(writer::close)
        .isInstanceOf(EventFileException.class)
        .hasMessageContaining(": Connection lost. ");
  }

  @Test
  void close_writingAndClosingFail_tellsWhatWentWrongFirst() {
    FailingDisk disk = new FailingDisk(FILE_VERSION_BYTES).failingAtClose();
    EventFileWriter writer = EventFileWriter.builder(folder).opener(disk).open();
    writer.add(TestEvents.ofStep(1));

    assertFailsAsFull(writer, writer::close);
  }

  @Test
  void flush_eventThatCannotBeBuilt_throwsInsteadOfLosingTheThread() {
    EventFileWriter writer = EventFileWriter.open(folder);
    writer.add(
        () -> {
          throw new OutOfMemoryError("Java heap space");
        },
        /* payloadBytes= */ 0);

    assertThatThrownBy(writer::flush)
        .isInstanceOf(EventFileException.class)
        .hasMessage(
            "Cannot write the event file "
                + writer.file()
                + ": Java heap space. Events added since the last flush may be missing; those before"
                + " are in the file. Open a new writer on its folder to go on.")
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(writer::close).isInstanceOf(EventFileException.class);
  }

  @Test
  void newWriter_afterFailure_continuesTheRunInAnotherFile() {
    EventFileWriter full =
        EventFileWriter.builder(folder).opener(new FailingDisk(FILE_VERSION_BYTES + 5)).open();
    full.add(TestEvents.ofStep(1));
    assertFailsAsFull(full, full::close);

    try (EventFileWriter next = EventFileWriter.open(folder)) {
      next.add(TestEvents.ofStep(2));
    }

    try (EventFileReader reader = EventFileReader.open(folder)) {
      assertThat(
              reader.events().filter(event -> event.getWhatCase() == Event.WhatCase.WHAT_NOT_SET))
          .extracting(Event::getStep)
          .containsExactly(2L);
      assertThat(reader.truncatedTails())
          .containsExactly(new TruncatedTail(full.file(), FILE_VERSION_BYTES));
    }
  }

  private static void assertFailsAsFull(EventFileWriter writer, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(EventFileException.class)
        .hasMessage(
            "Cannot write the event file "
                + writer.file()
                + ": No space left on device. Events added since the last flush may be missing; those"
                + " before are in the file. Make the folder writable or free some space, then open a"
                + " new writer on it.")
        .hasRootCauseInstanceOf(IOException.class);
  }
}
