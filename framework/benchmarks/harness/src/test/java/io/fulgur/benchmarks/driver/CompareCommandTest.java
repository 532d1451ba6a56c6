package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeCatalogue() throws IOException {
    Files.writeString(
        folder.resolve("benchmarks.yaml"),
        """
        models:
          fine: {about: trains nothing, steps: 40, memoryTargets: {}}
          fails: {about: throws, steps: 40}
          others: {about: of another, steps: 40, contestants: [other]}
        baselines: [fake]
        memoryJvmArguments: [-Xmn8m]
        contestants:
          fake:
            module: fake
            mainClass: io.fulgur.benchmarks.driver.FakeContestantMain
            about: a fake
            environment: {OPENBLAS_NUM_THREADS: "1"}
            jvmArguments: [-Dheap=none]
        """);
    Path classPath = folder.resolve("fake/target/classpath.txt");
    Files.createDirectories(classPath.getParent());
    Files.writeString(classPath, System.getProperty("java.class.path") + "\n");
  }

  private int run(String... arguments) {
    return new CommandLine(new CompareCommand(folder))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void run_oneModel_printsAndWritesItsResults() throws IOException {
    Path markdown = folder.resolve("pages/RESULTS.md");
    int status =
        run(
            "--models=fine",
            "--rounds=2",
            "--burst-millis=1",
            "--warm-up-millis=1",
            "--pause-millis=0",
            "--threads=3",
            "--markdown=" + markdown);

    assertThat(status).isZero();
    assertThat(out.toString())
        .contains("framework/benchmarks/run --models=fine --rounds=2")
        .contains("fine: trains nothing")
        .contains("OMP_NUM_THREADS=3 -Xmx2g")
        .contains("fake: a fake; has OPENBLAS_NUM_THREADS=1 -Dheap=none; heap none; threads 3");
    assertThat(folder.resolve("target/logs/fine-fake-memory.log")).content().contains("innocent");
    assertThat(markdown).content().contains("## fine").contains("| fake ");
    JsonNode json = new ObjectMapper().readTree(folder.resolve("target/results.json").toFile());
    assertThat(json.at("/models/0/contestants/0/rounds")).hasSize(2);
    assertThat(json.at("/models/0/contestants/0/ratios/1").asDouble()).isEqualTo(1);
  }

  @Test
  void run_aContestantThatFails_hasStatus1() {
    int status = run("--models=fails", "--rounds=1", "--burst-millis=1", "--warm-up-millis=1000");

    assertThat(status).isEqualTo(1);
    assertThat(out.toString()).contains("FAILED: java.lang.IllegalStateException");
  }

  @Test
  void run_aModelOfOtherContestants_isNotStarted() {
    assertThat(run("--models=others", "--rounds=1")).isZero();
    assertThat(folder.resolve("target/logs")).doesNotExist();
  }

  @Test
  void run_anUnknownContestant_saysWhichThereAre() {
    assertThat(run("--contestants=tensorflow")).isEqualTo(2);
    assertThat(err.toString()).contains("No contestant named tensorflow; there are fake");
  }

  @Test
  void run_anUnknownBaseline_saysWhichThereAre() {
    assertThat(run("--baseline=tensorflow,fake")).isEqualTo(2);
    assertThat(err.toString()).contains("No baseline named tensorflow; there are fake");
  }
}
