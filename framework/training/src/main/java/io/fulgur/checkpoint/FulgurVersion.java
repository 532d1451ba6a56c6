package io.fulgur.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Fulgur that is running. */
final class FulgurVersion {
  private static final String RESOURCE = "/META-INF/maven/io.fulgur/fulgur/pom.properties";

  private FulgurVersion() {}

  /** Returns e.g. {@code 0.1.0}, or {@code development} where Fulgur does not come from its jar. */
  static String current() {
    return Holder.CURRENT;
  }

  private static final class Holder {
    static final String CURRENT = read();

    private static String read() {
      try (InputStream stream = FulgurVersion.class.getResourceAsStream(RESOURCE)) {
        if (stream == null) {
          return "development";
        }
        Properties properties = new Properties();
        properties.load(stream);
        return properties.getProperty("version", "development");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
