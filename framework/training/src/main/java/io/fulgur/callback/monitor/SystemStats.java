package io.fulgur.callback.monitor;

import com.sun.management.OperatingSystemMXBean;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.StepScope;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the machine, this JVM and the tensor engine tell of themselves. */
final class SystemStats {
  private static final double PERCENT = 100;
  private static final Path MEMORY_OF_LINUX = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final int KIBIBYTE = 1024;

  private SystemStats() {}

  /** Returns the values by name; NaN for what is not known yet, or not on this system. */
  static Map<String, Double> read(Engine engine) {
    Map<String, Double> stats = new LinkedHashMap<>();
    java.lang.management.OperatingSystemMXBean system =
        ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof OperatingSystemMXBean known) {
      stats.put("cpu_percent", percent(known.getCpuLoad()));
      stats.put("process_cpu_percent", percent(known.getProcessCpuLoad()));
      stats.put(
          "cpu_vm_percent", used(available(known.getFreeMemorySize()), known.getTotalMemorySize()));
      stats.put(
          "cpu_swap_percent", used(known.getFreeSwapSpaceSize(), known.getTotalSwapSpaceSize()));
    }
    stats.put("system_load_average", orUnknown(system.getSystemLoadAverage()));
    stats.put(
        "heap_used_bytes",
        (double) ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    long collecting = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collecting += Math.max(0, collector.getCollectionTime());
    }
    stats.put("gc_time_ms", (double) collecting);
    stats.put("pooled_bytes", (double) StepScope.pooledBytes());
    stats.putAll(engine.deviceStats());
    return stats;
  }

  private static double percent(double load) {
    return PERCENT * orUnknown(load);
  }

  /** Negative numbers are the JVM's way to say that it does not know. */
  private static double orUnknown(double value) {
    return value < 0 ? Double.NaN : value;
  }

  private static double used(long free, long total) {
    return total <= 0 ? 0 : PERCENT * (total - free) / total;
  }

  /** Memory that only caches files is free for who needs it, which Linux alone tells. */
  private static long available(long free) {
    if (!Files.isReadable(MEMORY_OF_LINUX)) {
      return free;
    }
    try {
      for (String line : Files.readAllLines(MEMORY_OF_LINUX, StandardCharsets.US_ASCII)) {
        if (line.startsWith(AVAILABLE)) {
          String number = line.substring(AVAILABLE.length()).replace("kB", "").strip();
          return KIBIBYTE * Long.parseLong(number);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Then the JVM's own number has to do.
    }
    return free;
  }
}
