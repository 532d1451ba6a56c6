package io.fulgur.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends in the middle of a run. */
class EndedTraceTest {
  @TempDir Path folder;

  private String traceOf(boolean forcibly) throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                TracingLoop.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("recording");
    } finally {
      if (forcibly) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
      process.waitFor();
    }
    return Files.readString(folder.resolve("fit-trace.json"))
        .replace("id\":" + process.pid(), "id\":" + ProcessHandle.current().pid());
  }

  @Test
  void trace_processTerminated_isWhole() throws Exception {
    TraceFormat trace = TraceFormat.parse(traceOf(/* forcibly= */ false));

    assertThat(trace.events("inner")).hasSizeGreaterThanOrEqualTo(TracingLoop.ACTIONS);
  }

  @Test
  void trace_processKilled_lacksTheClosingBracketOnly() throws Exception {
    TraceFormat trace = TraceFormat.parse(traceOf(/* forcibly= */ true) + "]");

    assertThat(trace.events("inner")).isNotEmpty();
  }
}
