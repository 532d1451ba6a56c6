package io.fulgur.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.nn.Dropout;
import io.fulgur.nn.Linear;
import io.fulgur.nn.ReLU;
import io.fulgur.nn.Sequential;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSummaryTest {
  /** Has nested, frozen, shared and own parameters. */
  static class Mixed extends BoringModule {
    private final Sequential backbone =
        new Sequential(new Linear(64, 128), new ReLU(), new Sequential(new Linear(128, 10)));
    private final Dropout dropout = new Dropout(0.1);
    private final Linear shared = (Linear) backbone.namedChildren().get("0");
    private final Parameter scale = Parameter.of(Tensor.of(new float[] {1}, 1));

    Mixed() {
      shared.freeze();
    }

    @Override
    public Tensor forward(Tensor input) {
      return dropout.call(layer.call(input)).mul(scale);
    }
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = ModelSummaryTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, -1})
  void fit_mixedModule_printsTheSummary(int depth) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Trainer.builder()
        .fastDevRun(1)
        .enableProgressBar(false)
        .callback(new ModelSummary(depth, new PrintStream(out, false, StandardCharsets.UTF_8)))
        .build()
        .fit(new Mixed(), BoringData.module(1, 1));

    assertThat(out.toString(StandardCharsets.UTF_8).replace("\r", ""))
        .isEqualTo(golden("summary_depth_" + depth + ".txt"));
  }

  @Test
  void fit_depthZero_printsNothing() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Trainer.builder()
        .fastDevRun(1)
        .enableProgressBar(false)
        .callback(new ModelSummary(0, new PrintStream(out, false, StandardCharsets.UTF_8)))
        .build()
        .fit(new Mixed(), BoringData.module(1, 1));

    assertThat(out.size()).isZero();
  }

  @Test
  void new_depthBelowAll_saysWhatIsAllowed() {
    assertThatThrownBy(() -> new ModelSummary(-2))
        .hasMessage(
            "[InvalidOptions] ModelSummary has options that cannot be:\n"
                + "1) maxDepth is -2, but must be at least 0, which shows nothing, or -1 for all.");
  }

  /** Shows what it makes of two samples. */
  static class WithExample extends Mixed {
    @Override
    public Optional<Tensor> exampleInput() {
      return Optional.of(Tensor.ones(2, 32));
    }
  }

  @Test
  void fit_moduleWithAnExample_printsShapesAndFlops() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Trainer.builder()
        .fastDevRun(1)
        .enableProgressBar(false)
        .callback(new ModelSummary(-1, new PrintStream(out, false, StandardCharsets.UTF_8)))
        .build()
        .fit(new WithExample(), BoringData.module(1, 1));

    assertThat(out.toString(StandardCharsets.UTF_8).replace("\r", ""))
        .isEqualTo(golden("summary_example.txt"));
  }
}
