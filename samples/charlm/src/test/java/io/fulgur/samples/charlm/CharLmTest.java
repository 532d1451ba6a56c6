package io.fulgur.samples.charlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CharLmTest {
  private static final Pattern LOSS = Pattern.compile("held-out text: ([0-9.]+) nats");
  private static final Pattern LAST = Pattern.compile("Last checkpoint: (.*)");

  @TempDir private Path folder;

  private static String run(int status, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      assertThat(CharLm.run(arguments)).isEqualTo(status);
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
  void train_aTextThatRepeatsItself_learnsIt_andWritesOn() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "to be or not ".repeat(200));

    String trained =
        run(
            0,
            "train",
            "--text=" + text,
            "--output=" + folder,
            "--steps=150",
            "--context=16",
            "--batch-size=8",
            "--layers=1",
            "--width=32",
            "--heads=2",
            "--learning-rate=0.01");

    assertThat(Double.parseDouble(find(LOSS, trained))).isLessThan(0.3);
    assertThat(
            run(
                0,
                "write",
                find(LAST, trained),
                "--beginning=to be or not ",
                "--count=26",
                "--top-k=1"))
        .startsWith("to be or not to be or not to be or not ");
  }

  @Test
  void write_withoutAFile_endsWithStatus1() {
    run(1, "write", folder.resolve("missing.ckpt").toString());
  }

  @Test
  void train_withWrongOption_endsWithStatus2() {
    run(2, "train", "--step", "3");
  }
}
