package io.fulgur.damage;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A process that announces numbers, a line each, and can be frozen and killed at any moment. */
final class KilledProcess implements AutoCloseable {
  private static final long POLL_NANOS = 50_000;
  private static final char STOPPED = 'T';

  private final Process process;
  private final BufferedReader lines;
  private long announced = -1;

  private KilledProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  static KilledProcess start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new KilledProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Returns whether processes can be frozen here. */
  static boolean canFreeze() {
    return Files.isDirectory(Path.of("/proc/self/task"));
  }

  /** Waits for the next number; returns it. */
  long next() throws IOException {
    announced = Long.parseLong(Objects.requireNonNull(lines.readLine(), "it has ended"));
    return announced;
  }

  /** Returns the last number that it had announced when it was frozen or killed. */
  long announced() {
    return announced;
  }

  /** Stops all of its threads wherever they are, as a kill would. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
    while (!isFrozen()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    while (lines.ready()) {
      next();
    }
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private boolean isFrozen() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      for (Path task : (Iterable<Path>) tasks::iterator) {
        String stat = Files.readString(task.resolve("stat"));
        // The state follows the name, which is in parentheses and may hold anything.
        if (stat.charAt(stat.lastIndexOf(')') + 2) != STOPPED) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false; // A thread has ended meanwhile.
    }
  }

  /** Kills it, and reads what it has announced until then. */
  void kill() throws IOException, InterruptedException {
    // Through its handle, for what it has said must still be there to be read.
    process.toHandle().destroyForcibly();
    awaitEnd();
  }

  /** Asks it to end, and reads what it has announced until then; returns its exit status. */
  int terminate() throws IOException, InterruptedException {
    signal("TERM");
    return awaitEnd();
  }

  private int awaitEnd() throws IOException, InterruptedException {
    String line;
    while ((line = lines.readLine()) != null) {
      announced = Long.parseLong(line);
    }
    return process.waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    lines.close();
  }
}
