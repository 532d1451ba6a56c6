package io.fulgur.samples.charlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WriterTest {
  private static final float[] LOGITS = {
    (float) Math.log(0.1), (float) Math.log(0.6), (float) Math.log(0.3)
  };

  private final CharacterModel model =
      new CharacterModel(
          "abc",
          /* context= */ 4,
          /* layers= */ 1,
          /* width= */ 8,
          /* heads= */ 2,
          /* dropout= */ 0,
          /* learningRate= */ 1e-3,
          /* steps= */ 1);

  private Writer writer(double temperature, int topK) {
    return new Writer(model, temperature, topK, new SplittableRandom(1));
  }

  private static double[] shares(Writer writer) {
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < 10_000; i++) {
      shares[writer.draw(LOGITS)] += 1e-4;
    }
    return shares;
  }

  @Test
  void draw_temperatureOne_hasTheModelsProbabilities() {
    assertThat(shares(writer(1, 3))).containsExactly(new double[] {0.1, 0.6, 0.3}, within(0.02));
  }

  @Test
  void draw_aHalf_squaresThem() {
    double all = 0.01 + 0.36 + 0.09;
    assertThat(shares(writer(0.5, 3)))
        .containsExactly(new double[] {0.01 / all, 0.36 / all, 0.09 / all}, within(0.02));
  }

  @Test
  void draw_topK_leavesTheOthersOut() {
    assertThat(shares(writer(1, 2)))
        .containsExactly(new double[] {0, 2.0 / 3, 1.0 / 3}, within(0.02));
    assertThat(shares(writer(1, 1))[1]).isCloseTo(1, within(1e-9));
  }

  @Test
  void write_moreThanTheContext_goesOn_andIsRepeatable() {
    List<Integer> first = new ArrayList<>();
    writer(1, 3).write(new long[] {0}, 10, first::add);
    List<Integer> second = new ArrayList<>();
    writer(1, 3).write(new long[] {0}, 10, second::add);

    assertThat(first).hasSize(10).allMatch(number -> number >= 0 && number < 3);
    assertThat(second).isEqualTo(first);
  }

  @Test
  void new_withoutAChoice_isRefused() {
    assertThatThrownBy(() -> writer(0, 3)).hasMessageContaining("The temperature is 0.0");
    assertThatThrownBy(() -> writer(1, 0)).hasMessageContaining("top-k is 0");
  }
}
