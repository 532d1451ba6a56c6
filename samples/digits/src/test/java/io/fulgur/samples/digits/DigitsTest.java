package io.fulgur.samples.digits;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensorboard.EventFileReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does: train, look, go on, recognise. */
class DigitsTest {
  private static final Pattern ACCURACY = Pattern.compile("held-out digits: ([0-9.]+) %");
  private static final Pattern LAST = Pattern.compile("Last checkpoint: (.*)");

  @TempDir private Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  /** Runs a command and returns what it printed. */
  private String run(int status, String... arguments) {
    PrintStream before = System.out;
    printed.reset();
    System.setOut(new PrintStream(printed, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      assertThat(Digits.run(arguments)).isEqualTo(status);
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
  void train_withDefaults_recognisesTheHeldOutDigits_andCanBeUsed() {
    String trained = run(0, "train", "--output", folder.toString());
    assertThat(Double.parseDouble(find(ACCURACY, trained))).isGreaterThanOrEqualTo(97);

    Path logs = folder.resolve("fulgur_logs/version_0");
    assertThat(logs.resolve("metrics.csv")).isNotEmptyFile();
    assertThat(logs.resolve("hparams.yaml")).content().contains("hidden: 256");
    assertThat(EventFileReader.scalars(logs, "val_acc")).hasSize(40);

    String checkpoint = find(LAST, trained);
    String resumed =
        run(0, "train", "--epochs", "41", "--output", folder.toString(), "--resume", checkpoint);
    assertThat(Double.parseDouble(find(ACCURACY, resumed))).isGreaterThanOrEqualTo(97);
    assertThat(EventFileReader.scalars(folder.resolve("fulgur_logs/version_1"), "val_acc"))
        .hasSize(1);

    assertThat(run(0, "predict", "--count", "4", checkpoint))
        .containsPattern("is a [0-9], says the classifier \\([0-9.]+ %\\); it was labelled [0-9]")
        .contains("@@");
  }

  @Test
  void predict_withoutAFile_endsWithStatus1() {
    run(1, "predict", folder.resolve("missing.ckpt").toString());
  }

  @Test
  void train_withWrongOption_endsWithStatus2() {
    run(2, "train", "--epoch", "3");
  }
}
