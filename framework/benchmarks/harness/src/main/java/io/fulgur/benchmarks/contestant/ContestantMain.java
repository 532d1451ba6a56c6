package io.fulgur.benchmarks.contestant;

import io.fulgur.benchmarks.protocol.Channel;
import io.fulgur.benchmarks.protocol.Reply;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a contestant's main method calls. */
public final class ContestantMain {
  private ContestantMain() {}

  /**
   * Trains the model named by the first argument as the driver commands, and ends the JVM.
   *
   * @param models the models this contestant has, by name
   */
  @SuppressWarnings("SystemExitOutsideMain") // Native threads of some contestants never end.
  public static void run(String[] arguments, Map<String, Contestant.Factory> models) {
    if (arguments.length != 1) {
      System.err.println("Expected the name of a model, one of " + models.keySet());
      System.exit(2);
    }
    PrintStream out = System.out;
    // Standard output belongs to the protocol from here on.
    System.setOut(System.err);
    Channel channel =
        new Channel(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            new OutputStreamWriter(out, StandardCharsets.UTF_8),
            System.err::println);
    System.exit(run(channel, models.get(arguments[0])) ? 0 : 1);
  }

  private static boolean run(Channel channel, Contestant.@Nullable Factory factory) {
    if (factory == null) {
      channel.send(new Reply.Unsupported());
      return true;
    }
    try (Contestant contestant = factory.create()) {
      ResidentMemory memory = ResidentMemory.countingFromNow();
      channel.send(new Reply.Ready());
      contestant.train(
          new Steps(
              channel,
              System::nanoTime,
              allocatedBytes(),
              contestant::loss,
              () -> new Reply.Description(contestant.details(), memory.reading())));
      return true;
    } catch (Throwable e) { // A missing native library is an Error, and has to be reported too.
      e.printStackTrace();
      channel.send(new Reply.Failed(e.toString()));
      return false;
    }
  }

  private static LongSupplier allocatedBytes() {
    if (ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
        && threads.isThreadAllocatedMemorySupported()) {
      // Of the thread that asks: the one that trains.
      return () -> threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
    return () -> 0;
  }
}
