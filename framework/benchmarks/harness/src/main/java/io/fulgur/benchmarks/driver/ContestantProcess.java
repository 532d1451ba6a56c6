package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Channel;
import io.fulgur.benchmarks.protocol.Command;
import io.fulgur.benchmarks.protocol.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A contestant in a JVM of its own. */
final class ContestantProcess implements Participant {
  private static final long END_SECONDS = 10;

  private final Process process;
  private final Channel channel;
  private final Path log;

  /**
   * @param classPath in the form of {@code java -cp}
   * @param environment the variables to set; those that set threads are otherwise removed
   * @param log gets everything the contestant prints
   */
  record Launch(
      String classPath,
      String mainClass,
      String model,
      List<String> jvmArguments,
      Map<String, String> environment,
      Path log) {}

  private ContestantProcess(Process process, Channel channel, Path log) {
    this.process = process;
    this.channel = channel;
    this.log = log;
  }

  /** Starts a contestant and waits until it has its batches; empty if it has no such model. */
  static Optional<Participant> start(Launch launch) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launch.jvmArguments());
    command.addAll(List.of("-cp", launch.classPath(), launch.mainClass(), launch.model()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
    ThreadSettings.removeFrom(builder.environment());
    builder.environment().putAll(launch.environment());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + String.join(" ", command), e);
    }
    Channel channel =
        new Channel(
            process.inputReader(), process.outputWriter(), line -> append(launch.log(), line));
    boolean keep = false;
    try {
      Reply reply = receive(channel, process, launch.log());
      if (reply instanceof Reply.Ready) {
        keep = true;
        return Optional.of(new ContestantProcess(process, channel, launch.log()));
      } else if (reply instanceof Reply.Unsupported) {
        return Optional.empty();
      }
      throw unexpected(reply, launch.log());
    } finally {
      if (!keep) {
        process.destroyForcibly();
      }
    }
  }

  @Override
  public Reply.Burst warmUp(long millis) {
    return ask(new Command.WarmUp(millis), Reply.Burst.class);
  }

  @Override
  public Reply.Burst run(int leadIn, int steps) {
    return ask(new Command.Run(leadIn, steps), Reply.Burst.class);
  }

  @Override
  public double loss(int steps) {
    return ask(new Command.MeasureLoss(steps), Reply.Loss.class).mean();
  }

  @Override
  public Reply.Description describe() {
    return ask(new Command.Describe(), Reply.Description.class);
  }

  private <T extends Reply> T ask(Command command, Class<T> type) {
    try {
      channel.send(command);
    } catch (UncheckedIOException e) {
      throw ended(process, log, e);
    }
    Reply reply = receive(channel, process, log);
    if (!type.isInstance(reply)) {
      throw unexpected(reply, log);
    }
    return type.cast(reply);
  }

  private static Reply receive(Channel channel, Process process, Path log) {
    Reply reply = channel.receive(Reply.class);
    if (reply == null) {
      throw ended(process, log, null);
    }
    return reply;
  }

  private static void append(Path log, String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the contestant's output to " + log, e);
    }
  }

  private static ContestantException unexpected(Reply reply, Path log) {
    if (reply instanceof Reply.Failed failed) {
      return new ContestantException(failed.message() + "; see " + log);
    }
    return new ContestantException("It answered " + reply + " to another question; see " + log);
  }

  private static ContestantException ended(Process process, Path log, @Nullable Throwable cause) {
    String how =
        waitFor(process) ? "ended with status " + process.exitValue() : "closed its output";
    String message = "Its JVM " + how + "; see " + log;
    return cause == null
        ? new ContestantException(message)
        : new ContestantException(message, cause);
  }

  private static boolean waitFor(Process process) {
    try {
      return process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the contestant; kills it if it does not end by itself. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The pipe is broken because the process is gone, which is what was wanted.
    }
    if (!waitFor(process)) {
      process.destroyForcibly();
    }
  }
}
