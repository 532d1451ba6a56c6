package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.benchmarks.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Results RESULTS =
      new Results(
          Instant.parse("2026-01-02T03:04:05Z"),
          "framework/benchmarks/run --rounds 2",
          new Machine("Some Processor", 2, "Linux 6", "Some VM 17", 0.25),
          Map.of("OMP_NUM_THREADS", "2"),
          List.of("-Xmx2g"),
          new Settings(2, 5_000, 500, 50, List.of("libtorch", "libtorch-passive")),
          List.of(
              new Results.OfModel(
                  "mlp-small",
                  "a small MLP",
                  List.of(
                      new Results.OfContestant(
                          "libtorch",
                          "libtorch from Java",
                          Map.of("OPENBLAS_NUM_THREADS", "1"),
                          List.of("-XX:+UseSerialGC"),
                          Map.of("version", "2.10", "threads", "2"),
                          2.34567,
                          1.2,
                          List.of(
                              new Reply.Burst(100, 160_000, 180_000, 150_000, 1_088),
                              new Reply.Burst(100, 170_000, 190_000, 150_000, 1_090)),
                          List.of(1.0, 1.0),
                          null),
                      new Results.OfContestant(
                          "fulgur-raw",
                          "ours",
                          Map.of(),
                          List.of(),
                          Map.of(),
                          2.4,
                          null,
                          List.of(new Reply.Burst(100, 80_000, 81_250, 70_000, 0)),
                          List.of(0.5),
                          "Its JVM ended with status 134"),
                      new Results.OfContestant(
                          "dl4j",
                          "DL4J",
                          Map.of(),
                          List.of(),
                          Map.of(),
                          null,
                          null,
                          List.of(),
                          List.of(),
                          "no native library")))));

  @Test
  void text_isAsInTheGoldenFile() throws IOException {
    assertThat(new Report(RESULTS).text()).isEqualTo(golden("report.txt"));
  }

  @Test
  void markdown_isAsInTheGoldenFile() throws IOException {
    assertThat(new Report(RESULTS).markdown()).isEqualTo(golden("report.md"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = ReportTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
