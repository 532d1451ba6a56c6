package io.fulgur.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The names of event files, and how one comes into being. */
final class EventFiles {
  private static final String PREFIX = "events.out.tfevents.";

  /** TensorBoard's own test of a name. */
  private static final String MARK = "tfevents";

  private static final AtomicInteger NEXT_UID = new AtomicInteger();

  private EventFiles() {}

  /** Opens a file that must not exist yet. Tests put a failing disk here. */
  @FunctionalInterface
  interface Opener {
    OutputStream open(Path newFile) throws IOException;
  }

  /** A file just created, and the stream that is the only way into it. */
  record NewFile(Path path, OutputStream stream) {}

  static OutputStream openNew(Path newFile) throws IOException {
    return Files.newOutputStream(newFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Creates an event file under a name that is taken by no other, and its folder where it is
   * missing.
   */
  static NewFile create(Path folder, Instant now, Opener opener) {
    Path path = folder;
    try {
      Files.createDirectories(folder);
      while (true) {
        path = folder.resolve(name(now, NEXT_UID.getAndIncrement()));
        try {
          return new NewFile(path, opener.open(path));
        } catch (FileAlreadyExistsException e) {
          // A process of the same number and host name, in another container, has taken this name
          // in
          // this second; the next number is tried.
        }
      }
    } catch (IOException e) {
      throw new EventFileException(
          "Cannot create the event file "
              + path
              + ": "
              + EventFileException.reasonOf(e)
              + ". Choose a folder that can be created or written, or mend this one.",
          e);
    }
  }

  static boolean isEventFile(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().contains(MARK);
  }

  /** Lists the event files that lie directly in a folder, oldest first as their names tell. */
  static Stream<Path> in(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> isEventFile(path) && Files.isRegularFile(path))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String name(Instant now, int uid) {
    return String.format(
        Locale.ROOT,
        "%s%010d.%s.%d.%d",
        PREFIX,
        now.getEpochSecond(),
        Host.NAME,
        ProcessHandle.current().pid(),
        uid);
  }

  /** Looked up once: where the network is misconfigured, it can take seconds. */
  private static final class Host {
    static final String NAME = lookUp().replaceAll("[^A-Za-z0-9._-]", "-");

    private static String lookUp() {
      String fromEnvironment = System.getenv("HOSTNAME");
      if (fromEnvironment != null && !fromEnvironment.isBlank()) {
        return fromEnvironment;
      }
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }
}
