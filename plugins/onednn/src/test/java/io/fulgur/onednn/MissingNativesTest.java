package io.fulgur.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MissingNativesTest {
  @Test
  void program_withoutNatives_computesByOthersAndTellsOnce() throws Exception {
    String output = run("dnnl-.*-(linux|macosx|windows)-.*\\.jar");

    assertThat(output).contains("product 64.0", "prefers false");
    assertThat(output.split("oneDNN is on the class path but could not be loaded", -1)).hasSize(2);
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void program_withNatives_tellsNothing() throws Exception {
    Agreement.assumeKernelsOf(io.fulgur.tensor.DType.F32);

    assertThat(run("nothing")).contains("product 64.0", "prefers true").doesNotContain("oneDNN");
  }

  /** Runs {@link WithoutNatives} without the jars of a name. */
  private static String run(String leftOut) throws IOException, InterruptedException {
    Pattern name = Pattern.compile(leftOut);
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String classPath =
        Arrays.stream(all.split(File.pathSeparator))
            .filter(entry -> !name.matcher(Path.of(entry).getFileName().toString()).matches())
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath,
                WithoutNatives.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
