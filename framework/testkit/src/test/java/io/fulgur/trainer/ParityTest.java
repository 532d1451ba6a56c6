package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostBatch;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.RecordingLogger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A trainer does what the loop does that a user would write by hand, bit by bit. */
class ParityTest {
  private static final int EPOCHS = 3;

  private static List<Double> byHand(Classifier module, DataLoader loader) {
    List<Double> losses = new ArrayList<>();
    loader.seed();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (HostBatch host : loader) {
        try (StepScope scope = StepScope.open("by hand")) {
          Tensor loss = module.loss(host.toBatch());
          module.optimizer.zeroGrad();
          loss.backward();
          module.optimizer.step();
          module.perStep.step();
          losses.add(loss.item());
        }
      }
      module.perEpoch.step();
    }
    return losses;
  }

  @Test
  void fit_lossesAndParameters_areThoseOfTheLoopWrittenByHand() {
    Fulgur.seedEverything(5);
    Classifier expected = new Classifier();
    List<Double> losses = byHand(expected, Classifier.shuffled(30, 0));

    Fulgur.seedEverything(5);
    Classifier module = new Classifier();
    RecordingLogger logger = new RecordingLogger();
    TestTrainers.quiet(logger)
        .maxEpochs(EPOCHS)
        .logEveryNSteps(1)
        .build()
        .fit(module, Classifier.shuffled(30, 2));

    assertThat(
            logger.entries("train_loss_step").stream()
                .map(entry -> entry.values().get("train_loss_step")))
        .containsExactlyElementsOf(losses);
    Map<String, double[]> weights = Classifier.weights(expected);
    Classifier.weights(module)
        .forEach((name, values) -> assertThat(values).as(name).containsExactly(weights.get(name)));
  }
}
