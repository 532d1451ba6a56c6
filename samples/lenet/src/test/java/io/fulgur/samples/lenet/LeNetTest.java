package io.fulgur.samples.lenet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.data.BatchIterator;
import io.fulgur.data.HostArray;
import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensorboard.EventFileReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeNetTest {
  private static final Pattern ACCURACY = Pattern.compile("held-out digits: ([0-9.]+) %");
  private static final Pattern LAST = Pattern.compile("Last checkpoint: (.*)");

  @TempDir private Path folder;

  private static String run(int status, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      assertThat(LeNetCommand.run(arguments)).isEqualTo(status);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher.group(1);
  }

  @Test
  void run_withDefaults_isBetterThanThePerceptron_andCanBeLoaded() {
    String trained = run(0, "--output", folder.toString());

    // The perceptron of the sample `digits` reaches 98.
    assertThat(Double.parseDouble(find(ACCURACY, trained))).isGreaterThanOrEqualTo(98.9);
    Path logs = folder.resolve("fulgur_logs/version_0");
    assertThat(EventFileReader.scalars(logs, "val_acc")).hasSize(30);
    LeNet loaded = FulgurModule.loadFromCheckpoint(LeNet.class, Path.of(find(LAST, trained)));
    Tensor logits = Autograd.noGrad(() -> loaded.call(Tensor.zeros(3, 1, 8, 8)));
    assertThat(logits.shape().toArray()).containsExactly(3, 10);
  }

  @Test
  void trainLoader_gives_imagesOfOneChannelFromMinusOneToOne() {
    try (BatchIterator batches = new DigitImages(16, 0).trainLoader().iterator()) {
      HostArray images = batches.next().get("image");
      assertThat(images.shape().toArray()).containsExactly(16, 1, 8, 8);
      assertThat(images.floats()).contains(-1);
      for (float pixel : images.floats()) {
        assertThat(pixel).isBetween(-1f, 1f);
      }
    }
  }

  @Test
  void run_withWrongOption_endsWithStatus2() {
    run(2, "--epoch", "3");
  }
}
