package io.fulgur.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of temporary files, {@code .<name>.<process>-<number>.fulgur-tmp}, from which anyone can
 * tell whether the writer still lives.
 */
final class TemporaryFiles {
  private static final String SUFFIX = ".fulgur-tmp";
  private static final Pattern NAME =
      Pattern.compile("\\..*\\.(\\d{1,18})-\\d{1,18}" + Pattern.quote(SUFFIX), Pattern.DOTALL);

  /** File systems allow 255 bytes, and a character may take four of them. */
  private static final int NAME_CHARS = 40;

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final Set<String> CLAIMED = ConcurrentHashMap.newKeySet();

  private TemporaryFiles() {}

  static boolean isTemporary(String fileName) {
    return NAME.matcher(fileName).matches();
  }

  /** Returns a new name beside a file, which is this process's until it is released. */
  static Path claim(Path file) {
    Path folder = AtomicFiles.folderOf(file);
    String name = fileName(file);
    String start =
        name.codePointCount(0, name.length()) <= NAME_CHARS
            ? name
            : name.substring(0, name.offsetByCodePoints(0, NAME_CHARS));
    while (true) {
      String temporary =
          ".%s.%d-%d%s"
              .formatted(start, ProcessHandle.current().pid(), NUMBER.incrementAndGet(), SUFFIX);
      Path path = folder.resolve(temporary);
      // A process of the same number in another container may have left this name behind.
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        CLAIMED.add(temporary);
        return path;
      }
    }
  }

  /** Opens a claimed file, locked so that processes elsewhere can see that it is in use. */
  static FileChannel open(Path temporary) throws IOException {
    FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    tryLock(channel);
    return channel;
  }

  /** Deletes the file if it is still there, which means that it has not become the real one. */
  static void release(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // Whatever kept it from being written is reported; it is deleted with the next leftovers.
    } finally {
      CLAIMED.remove(fileName(temporary));
    }
  }

  /** Deletes what killed processes have left in a folder. */
  static void removeLeftovers(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*" + SUFFIX)) {
      for (Path file : files) {
        Matcher matcher = NAME.matcher(fileName(file));
        if (matcher.matches()) {
          removeIfLeftover(file, Long.parseLong(matcher.group(1)));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Leftovers only take room; whether the folder can be written to shows when it is.
    }
  }

  private static void removeIfLeftover(Path file, long process) {
    try {
      if (isLeftover(file, process)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Another process that looks after the same folder may have been faster.
    }
  }

  /** The number tells of processes on this machine, the lock of those on other ones. */
  private static boolean isLeftover(Path file, long process) throws IOException {
    if (process == ProcessHandle.current().pid()) {
      return !CLAIMED.contains(fileName(file));
    }
    if (ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false)) {
      return false;
    }
    if (Files.isSymbolicLink(file)) {
      return true; // It takes one step to make and one to move, and has no lock of its own.
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return tryLock(channel);
    }
  }

  /** Returns whether nobody else has the lock, as far as the file system can tell. */
  private static boolean tryLock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }
}
