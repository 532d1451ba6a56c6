package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadSettingsTest {

  @Test
  void removeFrom_theUsersShell_leavesOnlyWhatSetsNoThreads() {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH", "/bin",
                "OMP_WAIT_POLICY", "ACTIVE",
                "OPENBLAS_NUM_THREADS", "7",
                "SD_MAX_THREADS", "1"));

    ThreadSettings.removeFrom(environment);

    assertThat(environment).containsOnlyKeys("PATH");
  }
}
