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
          List.of("-Xmn16m", "-XX:TieredStopAtLevel=1"),
          new Settings(2, 5_000, 500, 50),
          List.of(
              new Results.OfModel(
                  "mlp-small",
                  new ModelDescription(
                      "a small MLP",
                      128,
                      List.of(),
                      List.of(),
                      Map.of("fulgur-raw", 0.4),
                      Map.of("fulgur-raw", 1.2),
                      Statistic.MEDIAN,
                      null),
                  List.of("libtorch", "libtorch-passive"),
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
                          List.of(0.0, 0.0),
                          new Reply.Memory(100 << 20, 120 << 20),
                          300L << 20,
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
                          List.of(-80_000.0),
                          new Reply.Memory(150 << 20, 172 << 20),
                          null,
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
                          List.of(),
                          null,
                          null,
                          "no native library"))),
              new Results.OfModel(
                  "mlp-wide",
                  new ModelDescription(
                      "a wide MLP",
                      64,
                      null,
                      null,
                      null,
                      null,
                      Statistic.MEAN,
                      Map.of("fulgur-raw", 40.0)),
                  List.of("fulgur-raw"),
                  List.of(
                      new Results.OfContestant(
                          "libtorch",
                          "libtorch from Java",
                          Map.of("OPENBLAS_NUM_THREADS", "1"),
                          List.of("-XX:+UseSerialGC"),
                          Map.of("version", "2.10", "threads", "1"),
                          6.9,
                          5.1,
                          List.of(new Reply.Burst(10, 9_000_000, 9_100_000, 8_000_000, 1_088)),
                          List.of(),
                          List.of(12_340.0),
                          null,
                          null,
                          null)))));

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
