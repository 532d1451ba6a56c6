package io.fulgur.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.profile.Profiler;
import io.fulgur.tensorboard.EventFileReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of a process that ends without ending its run. */
@Timeout(120)
class LoggerExitTest {
  private static final int LOTS = 500;
  private static final String READY = "ready";

  @TempDir private Path dir;

  /** Logs and then waits to be ended, or ends itself. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      RunFolder folder = RunFolder.under(Path.of(args[0])).version(0);
      LoggerThread loggers =
          new LoggerThread(
              List.of(
                  new TensorBoardLogger(folder),
                  CsvLogger.builder(folder).flushEveryNRows(Integer.MAX_VALUE).build()),
              Profiler.NONE);
      OutgoingMetrics metrics = new OutgoingMetrics();
      for (int i = 0; i < LOTS; i++) {
        metrics.start(i);
        metrics.add(0, "foo", i);
        loggers.logMetrics(metrics);
      }
      System.out.println(READY);
      if (args[1].equals("exit")) {
        System.exit(7);
      }
      new CountDownLatch(1).await();
    }
  }

  @ParameterizedTest
  @CsvSource({"exit, 7", "SIGTERM, 143"})
  void process_endsWithinARun_nothingLoggedIsLost(String end, int code) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                dir.toString(),
                end)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo(READY);
      if (end.equals("SIGTERM")) {
        child.destroy();
      }
      assertThat(child.waitFor()).isEqualTo(code);
    } finally {
      child.destroyForcibly();
    }

    Path run = dir.resolve("fulgur_logs/version_0");
    assertThat(rows(run.resolve("metrics.csv"))).hasSize(LOTS + 1).endsWith(",499,499.0");
    assertThat(EventFileReader.scalars(run).get("foo")).hasSize(LOTS);
  }

  private static List<String> rows(Path file) throws IOException {
    return Files.readAllLines(file);
  }
}
