package io.fulgur.samples.gan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.data.Dataset;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train, and look at the page. */
class GanTest {
  private static final int COLUMNS = 10;
  private static final int CELL = 36;

  @TempDir private Path folder;

  private static String run(int status, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      assertThat(Gan.run(arguments)).isEqualTo(status);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Returns a pixel of a digit on the page, from -1 to 1. */
  private static double pixel(BufferedImage page, int digit, int index) {
    int x = digit % COLUMNS * CELL + 2 + index % 8 * 4;
    int y = digit / COLUMNS * CELL + 2 + index / 8 * 4;
    return page.getRaster().getSample(x, y, 0) / 127.5 - 1;
  }

  @Test
  void train_drawsDigitsThatLookLikeTheScannedOnes() throws IOException {
    String told = run(0, "--epochs", "60", "--output", folder.toString());
    BufferedImage page = ImageIO.read(folder.resolve("fulgur_logs/version_0/digits.png").toFile());

    assertThat(told).contains("Steps: 1680 of the discriminator, 1680 of the generator.");
    assertThat(page.getWidth()).isEqualTo(COLUMNS * CELL);
    assertThat(page.getHeight()).isEqualTo(COLUMNS * CELL);

    // Where scanned digits are dark and bright on average, and how much they differ, so are these.
    Dataset scans = Gan.digits();
    double differenceOfMeans = 0;
    double spread = 0;
    double scannedSpread = 0;
    for (int i = 0; i < 64; i++) {
      double scanned = 0;
      double scannedSquare = 0;
      for (int n = 0; n < scans.size(); n++) {
        double value = scans.get(n).get("image").floats()[i];
        scanned += value / scans.size();
        scannedSquare += value * value / scans.size();
      }
      double drawn = 0;
      double drawnSquare = 0;
      for (int n = 0; n < COLUMNS * COLUMNS; n++) {
        double value = pixel(page, n, i);
        drawn += value / (COLUMNS * COLUMNS);
        drawnSquare += value * value / (COLUMNS * COLUMNS);
      }
      differenceOfMeans += Math.abs(drawn - scanned) / 64;
      spread += Math.sqrt(Math.max(0, drawnSquare - drawn * drawn)) / 64;
      scannedSpread += Math.sqrt(Math.max(0, scannedSquare - scanned * scanned)) / 64;
    }
    assertThat(differenceOfMeans).isLessThan(0.15);
    assertThat(spread / scannedSpread).isBetween(0.7, 1.3);
  }

  @Test
  void run_withWrongOption_endsWithStatus2() {
    run(2, "--epoch", "3");
  }
}
