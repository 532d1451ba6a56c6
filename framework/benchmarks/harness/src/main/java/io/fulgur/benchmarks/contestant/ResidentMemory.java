package io.fulgur.benchmarks.contestant;

import io.fulgur.benchmarks.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How much of this process is in memory, heap, native memory and code alike, as Linux counts it.
 */
final class ResidentMemory {
  private static final Path PROCESS = Path.of("/proc/self");

  private final Path process;
  private final OptionalLong before;

  private ResidentMemory(Path process) {
    this.process = process;
    this.before = read("VmRSS:");
  }

  /** Collects garbage and counts from now on. */
  static ResidentMemory countingFromNow() {
    // The second collection frees what the first one's reference processing let go of.
    System.gc();
    System.gc();
    return countingFromNow(PROCESS);
  }

  static ResidentMemory countingFromNow(Path process) {
    Path resets = process.resolve("clear_refs");
    if (Files.isWritable(resets)) {
      try {
        // Lowers the high-water mark, which may lie above, to the present size.
        Files.writeString(resets, "5");
      } catch (IOException e) {
        System.err.println("The peak of resident memory includes what came before: " + e);
      }
    }
    return new ResidentMemory(process);
  }

  /**
   * The memory when counting began, and the greatest since; null where the system does not tell.
   */
  Reply.@Nullable Memory reading() {
    OptionalLong peak = read("VmHWM:");
    return before.isPresent() && peak.isPresent()
        ? new Reply.Memory(before.getAsLong(), peak.getAsLong())
        : null;
  }

  private OptionalLong read(String field) {
    List<String> lines;
    try {
      lines = Files.readAllLines(process.resolve("status"));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.substring(field.length()).replace("kB", "").strip()))
        .map(kibibytes -> kibibytes * 1024)
        .findFirst();
  }
}
