package io.fulgur.tensorboard;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.Event;

/**
 * Reads events back, from a file or from all event files of a run's folder.
 *
 * <pre>{@code
 * List<ScalarPoint> losses = EventFileReader.scalars(Path.of("runs/digits"), "loss");
 *
 * try (EventFileReader reader = EventFileReader.open(Path.of("runs/digits"))) {
 *   reader.events().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>The files of a folder are read one after the other, oldest first; folders within it are other
 * runs and left alone. Every checksum is verified. A file that ends in the middle of a record, as
 * one does that is still being written, is read up to there and noted in {@link #truncatedTails}.
 *
 * <p>Not safe for several threads.
 *
 * @since 0.1
 */
public final class EventFileReader implements AutoCloseable {
  private final Iterator<Path> files;
  private final List<TruncatedTail> truncatedTails = new ArrayList<>();
  private @Nullable RecordReader current;

  private EventFileReader(List<Path> files) {
    this.files = files.iterator();
  }

  /**
   * Opens an event file, or a folder that holds some.
   *
   * @throws EventFileException if there is no such file, or no event file in the folder
   */
  public static EventFileReader open(Path fileOrFolder) {
    if (!Files.isDirectory(fileOrFolder)) {
      if (!Files.exists(fileOrFolder)) {
        throw new EventFileException(
            "Cannot read " + fileOrFolder + ": no such file or folder. Check the path.");
      }
      return new EventFileReader(List.of(fileOrFolder));
    }
    List<Path> files;
    try (Stream<Path> found = EventFiles.in(fileOrFolder)) {
      files = found.toList();
    } catch (IOException e) {
      throw cannotRead(fileOrFolder, e);
    }
    if (files.isEmpty()) {
      throw new EventFileException(
          "No event file in "
              + fileOrFolder
              + ": none of its files has \"tfevents\" in its name. Give the folder of one run.");
    }
    return new EventFileReader(files);
  }

  /**
   * Reads the scalars of one tag.
   *
   * @return its points in the order they were written; empty if the tag has no scalar
   * @throws EventFileException if a file cannot be read or is corrupt
   */
  public static List<ScalarPoint> scalars(Path fileOrFolder, String tag) {
    return scalars(fileOrFolder).getOrDefault(tag, List.of());
  }

  /**
   * Reads all scalars, those stored as a {@code simple_value} and those stored as a tensor of
   * float32 or float64.
   *
   * @return the points of each tag in the order they were written; tags in the order they appeared
   * @throws EventFileException if a file cannot be read or is corrupt
   */
  public static Map<String, List<ScalarPoint>> scalars(Path fileOrFolder) {
    ScalarCollector collector = new ScalarCollector();
    try (EventFileReader reader = open(fileOrFolder)) {
      reader.events().forEach(collector::accept);
    }
    return collector.points();
  }

  /**
   * Returns the events that are left to read, in the order they were written. The stream reads as
   * it is consumed, and throws
   *
   * <ul>
   *   <li>{@link EventFileException} if a file cannot be read, or a record is corrupt; the message
   *       names the byte where that record starts.
   * </ul>
   */
  public Stream<Event> events() {
    return StreamSupport.stream(
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          @Override
          public boolean tryAdvance(Consumer<? super Event> action) {
            Optional<Event> event = next();
            event.ifPresent(action);
            return event.isPresent();
          }
        },
        /* parallel= */ false);
  }

  /** Lists the files, of those read so far, that ended in the middle of a record. */
  public List<TruncatedTail> truncatedTails() {
    return List.copyOf(truncatedTails);
  }

  /** Closes the file being read; its stream of events is at its end. */
  @Override
  public void close() {
    files.forEachRemaining(unread -> {});
    closeCurrent();
  }

  private Optional<Event> next() {
    while (true) {
      RecordReader reader = current;
      if (reader == null) {
        if (!files.hasNext()) {
          return Optional.empty();
        }
        current = openFile(files.next());
        continue;
      }
      try {
        Optional<byte[]> data = reader.next();
        if (data.isPresent()) {
          return Optional.of(Event.parseFrom(data.get()));
        }
      } catch (InvalidProtocolBufferException e) {
        throw reader.corrupt("it is no event: " + e.getMessage());
      } catch (IOException e) {
        throw cannotRead(reader.file(), e);
      }
      if (reader.isTruncated()) {
        truncatedTails.add(new TruncatedTail(reader.file(), reader.offset()));
      }
      closeCurrent();
    }
  }

  private void closeCurrent() {
    RecordReader reader = current;
    current = null;
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        throw cannotRead(reader.file(), e);
      }
    }
  }

  private static RecordReader openFile(Path file) {
    try {
      return new RecordReader(file, new BufferedInputStream(Files.newInputStream(file)));
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  private static EventFileException cannotRead(Path path, IOException e) {
    return new EventFileException(
        "Cannot read "
            + path
            + ": "
            + EventFileException.reasonOf(e)
            + ". Check the path and its permissions.",
        e);
  }
}
