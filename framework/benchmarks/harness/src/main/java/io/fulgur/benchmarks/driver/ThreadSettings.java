package io.fulgur.benchmarks.driver;

import java.util.List;
import java.util.Map;

/** The environment variables that decide how many native threads there are and how they wait. */
final class ThreadSettings {
  private static final List<String> PREFIXES =
      List.of(
          "OMP_", "GOMP_", "KMP_", "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "DNNL_", "SD_", "ND4J_");

  private ThreadSettings() {}

  /** What every contestant gets. */
  static Map<String, String> common(int threads) {
    return Map.of("OMP_NUM_THREADS", Integer.toString(threads));
  }

  /** Removes what the user's shell has set, so that runs on one machine compare. */
  static void removeFrom(Map<String, String> environment) {
    environment.keySet().removeIf(name -> PREFIXES.stream().anyMatch(name::startsWith));
  }
}
