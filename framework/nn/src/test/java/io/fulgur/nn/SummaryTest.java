package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
  /** {@code [n, 2, h, w] -> [n, 3, h - 2, w - 2]}. */
  private static final class Convolve extends Module {
    private final Parameter weight = Parameter.of(Tensor.ones(3, 2, 3, 3));

    @Override
    public Tensor forward(Tensor input) {
      return Convolution.conv2d(input, weight, null, ConvolutionOptions.defaults());
    }
  }

  private static final class Net extends Module {
    private final Sequential encoder =
        new Sequential(new Convolve(), new ReLU(), new Flatten(), new Linear(108, 20));
    private final Linear head = new Linear(20, 4);
    private final Linear twice = new Linear(4, 4);
    private final ModuleList<Linear> unused = new ModuleList<>(new Linear(2, 2));
    private final Dropout dropout = new Dropout(0.5);
    private final Parameter scale = Parameter.of(Tensor.ones(1));

    @Override
    public Tensor forward(Tensor input) {
      Tensor hidden = head.call(encoder.call(input));
      return dropout.call(twice.call(twice.call(hidden)).mul(scale));
    }
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = SummaryTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void of_aModuleWithAnExample_showsShapesAndFlops() throws IOException {
    Net net = new Net();
    net.head.freeze();
    net.dropout.eval();

    String text = Summary.of(net, Tensor.ones(5, 2, 8, 8)).toString();

    assertThat(text + "\n").isEqualTo(golden("summary_example.txt"));
    assertThat(net.isTraining()).isTrue();
    assertThat(net.dropout.isTraining()).isFalse();
  }

  @Test
  void of_aModuleWithoutAnExample_showsItsFields() throws IOException {
    assertThat(Summary.of(new Net()) + "\n").isEqualTo(golden("summary_fields.txt"));
  }

  @Test
  void of_anExample_leavesNoHooksBehind() {
    Linear linear = new Linear(3, 2);
    Sequential net = new Sequential(linear);

    Summary first = Summary.of(net, Tensor.ones(1, 3));
    Summary second = Summary.of(net, Tensor.ones(1, 3));

    assertThat(first).isEqualTo(second);
    assertThat(first.flops()).isEqualTo(12L);
    assertThat(first.rows())
        .containsExactly(new Summary.Row("0", "Linear", 8, true, "[1, 3]", "[1, 2]", 12L));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "999, 999",
    "1000, 1.0 K",
    "9610, 9.6 K",
    "99949, 99.9 K",
    "99999, 100 K",
    "999499, 999 K",
    "999500, 1.0 M",
    "2500000000, 2.5 B"
  })
  void human_count_isShort(long count, String expected) {
    assertThat(SummaryText.human(count)).isEqualTo(expected);
  }
}
