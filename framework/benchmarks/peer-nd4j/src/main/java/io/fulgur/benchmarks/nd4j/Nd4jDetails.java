package io.fulgur.benchmarks.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;

/** What the contestants on ND4J say about it. */
public final class Nd4jDetails {
  private Nd4jDetails() {}

  /** ND4J's threads and the level of its native build. */
  public static Map<String, String> details() {
    return Map.of(
        "version",
        version(),
        "OpenMP threads",
        Integer.toString(Nd4j.getEnvironment().maxThreads()));
  }

  private static String version() {
    try {
      return Loader.getVersion("org.nd4j", "nd4j-api", Nd4j.class);
    } catch (IOException e) {
      throw new UncheckedIOException("ND4J does not tell its version", e);
    }
  }
}
