package io.fulgur.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RationalTanhTest {
  private static final int N = 200_001;

  @Test
  void tanh_ofNumbersToTen_isWithinSixUnitsInTheLastPlace() {
    float[] x = line(-10, 10);
    float[] y = x.clone();
    RationalTanh.tanh(y, N);
    double worst = 0;
    for (int i = 0; i < N; i++) {
      double exact = Math.tanh(x[i]);
      worst = Math.max(worst, Math.abs(y[i] - exact) / Math.ulp((float) exact));
    }
    assertThat(worst).isLessThan(6);
  }

  @Test
  void sigmoid_ofNumbersToThirty_isWithinTwoTenMillionths() {
    float[] x = line(-30, 30);
    float[] y = x.clone();
    RationalTanh.sigmoid(y, N);
    double worst = 0;
    for (int i = 0; i < N; i++) {
      worst = Math.max(worst, Math.abs(y[i] - 1 / (1 + Math.exp(-x[i]))));
    }
    assertThat(worst).isLessThan(2.1e-7);
  }

  @Test
  void tanh_ofSpecialNumbers_keepsTheirMeaning() {
    float[] x = {0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e-30f};
    RationalTanh.tanh(x, x.length);
    assertThat(x[0]).isEqualTo(0f);
    assertThat(x[1]).isEqualTo(-0f);
    assertThat(x[2]).isCloseTo(1f, within(3e-7f));
    assertThat(x[3]).isCloseTo(-1f, within(3e-7f));
    assertThat(x[4]).isNaN();
    assertThat(x[5]).isEqualTo(1e-30f);
  }

  private static float[] line(float from, float to) {
    float[] x = new float[N];
    for (int i = 0; i < N; i++) {
      x[i] = from + (to - from) * i / (N - 1);
    }
    return x;
  }
}
