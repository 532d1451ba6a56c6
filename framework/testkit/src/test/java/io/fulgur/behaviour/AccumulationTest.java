package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostBatch;
import io.fulgur.data.IterableDataset;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.precision.Precision;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of several batches, and how much each batch counts in their mean. */
class AccumulationTest {
  private static final int NONE = -1;
  private static final int SKIP = 0;

  /** Gives each loss a weight, as a number of tokens, and keeps the gradients of each step. */
  static final class Weighted extends FulgurModule {
    private final Linear layer = new Linear(BoringModule.FEATURES, 2);
    private final int[] weights;

    Weighted(int... weights) {
      this.weights = weights;
    }

    Tensor loss(Batch batch) {
      return layer.call(batch.get(BoringData.FEATURES)).square().mean();
    }

    @TrainingStep
    @Nullable StepOutput step(Batch batch, int batchIndex) {
      int weight = weights[batchIndex];
      if (weight == SKIP) {
        return null;
      }
      StepOutput output = StepOutput.loss(loss(batch));
      return weight == NONE ? output : output.weight(weight);
    }

    @ConfigureOptimizers
    Optimizer optimizer() {
      return SGD.of(parameters()).learningRate(0);
    }
  }

  private static List<float[]> gradients(Weighted module, DataLoader loader, int window) {
    List<float[]> gradients = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onBeforeOptimizerStep(Trainer trainer, FulgurModule of, Optimizer optimizer) {
            gradients.add(gradient(module));
          }
        };
    TestTrainers.quiet()
        .maxEpochs(1)
        .accumulateGradBatches(window)
        .callback(watch)
        .build()
        .fit(module, loader);
    return gradients;
  }

  private static float[] gradient(Weighted module) {
    Parameter weight = module.layer.parameters().get(0);
    Tensor gradient = weight.grad();
    assertThat(gradient).isNotNull();
    return gradient.toFloatArray();
  }

  /** The gradient of the weighted mean of losses, in one backward pass. */
  private static float[] expected(Weighted module, int from, int to) {
    try (StepScope scope = StepScope.open("by hand")) {
      Tensor sum = null;
      double total = 0;
      int index = 0;
      for (HostBatch host : BoringData.loader(module.weights.length)) {
        int weight = module.weights[index] == NONE ? 1 : module.weights[index];
        if (index >= from && index < to && weight != SKIP) {
          Tensor loss = module.loss(host.toBatch()).mul(weight);
          sum = sum == null ? loss : sum.add(loss);
          total += weight;
        }
        index++;
      }
      module.layer.parameters().forEach(Parameter::zeroGrad);
      assertThat(sum).isNotNull();
      sum.div(total).backward();
      return gradient(module);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | 5 1 7 2 2 9",
        "3 | 100 1 1 1 1 100",
        "4 | 3 8 1 5 2 7",
        "2 | -1 -1 -1 -1 -1",
        "3 | -1 4 -1 2 -1 -1",
        "3 | -1 0 -1 0 -1 -1",
        "3 | 0 6 2 9 0 0",
        "1 | 5 1 7",
        "10 | 4 2 9"
      })
  void window_isTheWeightedMeanOfItsLosses(int window, String spelled) {
    int[] weights = Arrays.stream(spelled.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
    Weighted module = new Weighted(weights);
    List<float[]> gradients = gradients(module, BoringData.loader(weights.length), window);

    assertThat(gradients).hasSize((weights.length + window - 1) / window);
    for (int i = 0; i < gradients.size(); i++) {
      float[] expected = expected(module, i * window, (i + 1) * window);
      assertThat(gradients.get(i)).as("window %d", i).containsExactly(expected, within(1e-6f));
    }
  }

  @Test
  void weights_ofAStreamThatEndsWithinAWindow_areDividedByTheirSum() {
    Dataset samples = BoringData.dataset(5);
    IterableDataset stream = epoch -> IntStream.range(0, 5).mapToObj(samples::get).iterator();
    Weighted module = new Weighted(4, 1, 3, 9, 2);
    List<float[]> gradients = gradients(module, DataLoader.builder(stream).build(), 3);

    assertThat(gradients).hasSize(2);
    assertThat(gradients.get(1)).containsExactly(expected(module, 3, 5), within(1e-6f));
  }

  @Test
  void window_thatSkipsAllBatches_takesNoStep() {
    Weighted module = new Weighted(SKIP, SKIP, 1, 1);

    assertThat(gradients(module, BoringData.loader(4), 2)).hasSize(1);
  }

  /** Where all weigh the same, nothing is computed that was not computed without weights. */
  @Test
  void weights_allTheSame_changeNoBit() {
    Fulgur.seedEverything(1);
    List<float[]> plain = gradients(new Weighted(-1, -1, -1), BoringData.loader(3), 3);
    Fulgur.seedEverything(1);
    List<float[]> weighted = gradients(new Weighted(7, 7, 7), BoringData.loader(3), 3);

    assertThat(weighted.get(0)).isEqualTo(plain.get(0));
  }

  @Test
  void weights_inHalfPrecision_areExactToo() {
    Weighted module = new Weighted(5, 1, 7);
    List<float[]> gradients = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onBeforeOptimizerStep(Trainer trainer, FulgurModule of, Optimizer optimizer) {
            gradients.add(gradient(module));
          }
        };
    TestTrainers.quiet()
        .maxEpochs(1)
        .precision(Precision.F16_MIXED)
        .accumulateGradBatches(3)
        .callback(watch)
        .build()
        .fit(module, BoringData.loader(3));

    assertThat(gradients.get(0)).containsExactly(expected(module, 0, 3), within(5e-3f));
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "NaN", "Infinity"})
  void weight_notPositive_isAnError(double weight) {
    StepOutput output = StepOutput.loss(Tensor.ones(1));

    assertThatThrownBy(() -> output.weight(weight))
        .hasMessageContaining("The weight of a loss is " + weight + ", but must be positive");
  }

  @Test
  void weight_isKeptByWhatIsAdded() {
    StepOutput output = StepOutput.loss(Tensor.ones(1)).weight(3).with("logits", Tensor.ones(2));

    assertThat(output.weight()).isEqualTo(3);
    assertThat(StepOutput.loss(Tensor.ones(1)).weight()).isEqualTo(1);
  }
}
