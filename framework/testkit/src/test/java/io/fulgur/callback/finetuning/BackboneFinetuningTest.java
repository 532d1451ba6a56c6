package io.fulgur.callback.finetuning;

import static io.fulgur.callback.ReferenceNet.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.ReferenceNet;
import io.fulgur.callback.averaging.EmaWeightAveraging;
import io.fulgur.data.Batch;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.StepOutput;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.testkit.CleanThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(CleanThread.class)
class BackboneFinetuningTest {
  private static BackboneFinetuning.Builder finetuning() {
    return BackboneFinetuning.builder().unfreezeBackboneAtEpoch(2);
  }

  /** Notes the learning rate of the backbone in each epoch, 0 while it is frozen. */
  private static final class Rates implements Callback {
    final List<Double> seen = new ArrayList<>();

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      List<ParameterGroup> groups = trainer.optimizers().get(0).groups();
      seen.add(groups.size() > 1 ? groups.get(1).learningRate() : 0);
    }
  }

  private static void assertSame(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values));
  }

  @Test
  void fit_reference_givesPyTorchsNumbers() {
    ReferenceNet net = new ReferenceNet(false);
    Rates rates = new Rates();
    trainer(6, finetuning().build(), rates).build().fit(net, ReferenceNet.data());

    double[] expected = ReferenceNet.numbers("finetuning", "rates");
    assertThat(rates.seen).hasSize(6);
    for (int i = 0; i < expected.length; i++) {
      assertThat(rates.seen.get(i)).isCloseTo(expected[i], Offset.offset(1e-15));
    }
    Map<String, double[]> trained = ReferenceNet.weights(net);
    ReferenceNet.weights("finetuning", "trained")
        .forEach(
            (name, values) ->
                assertThat(trained.get(name))
                    .as(name)
                    .containsExactly(values, Offset.offset(2e-6)));
  }

  @Test
  void fit_lambdaFuncAndNoAlignment_multiplyTheRateFreely() {
    Rates rates = new Rates();
    trainer(
            5,
            finetuning()
                .unfreezeBackboneAtEpoch(1)
                .backboneInitialLr(0.05)
                .lambdaFunc(epoch -> epoch)
                .shouldAlign(false)
                .build(),
            rates)
        .build()
        .fit(new ReferenceNet(false), ReferenceNet.data());

    assertThat(rates.seen).hasSize(5);
    assertThat(rates.seen.get(1)).isEqualTo(0.05);
    assertThat(rates.seen.get(2)).isEqualTo(3 * 0.05);
    assertThat(rates.seen.get(4)).isEqualTo(5 * (4 * (3 * 0.05)));
  }

  private static final class SaveAt implements Callback {
    private final long batch;
    private final Path path;

    SaveAt(long batch, Path path) {
      this.batch = batch;
      this.path = path;
    }

    @Override
    public Order order() {
      return Order.CHECKPOINT;
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batchOf,
        int batchIndex) {
      if (trainer.totalBatches() == batch) {
        trainer.saveCheckpoint(path);
      }
    }
  }

  /** Before, when and after the backbone is unfrozen; and with an average that follows. */
  @ParameterizedTest
  @ValueSource(longs = {4, 6, 7, 13})
  void fit_resumed_isBitwiseTheUninterruptedRun(long batch, @TempDir Path folder) {
    Path path = folder.resolve("some.ckpt");
    ReferenceNet whole = new ReferenceNet(true);
    trainer(
            6,
            finetuning().build(),
            EmaWeightAveraging.builder().decay(0.5).build(),
            new SaveAt(batch, path))
        .build()
        .fit(whole, ReferenceNet.data());

    ReferenceNet resumed = new ReferenceNet(true);
    Rates rates = new Rates();
    trainer(6, finetuning().build(), EmaWeightAveraging.builder().decay(0.5).build(), rates)
        .build()
        .fit(resumed, DataModule.of(ReferenceNet.data()), path);

    assertSame(ReferenceNet.weights(resumed), ReferenceNet.weights(whole));
    assertThat(rates.seen.get(rates.seen.size() - 1)).isPositive();
  }

  @Test
  void fit_secondOnTheSameTrainer_keepsTheBackboneUnfrozen() {
    Trainer trainer = trainer(3, finetuning().build()).build();
    ReferenceNet net = new ReferenceNet(false);
    trainer.fit(net, ReferenceNet.data());
    trainer.fit(net, ReferenceNet.data());

    assertThat(net.trainableParameters()).hasSameSizeAs(net.parameters());
    assertThat(trainer.optimizers().get(0).groups()).hasSize(2);
  }

  /** Its batch normalisation is part of what is frozen. */
  private static final class Tail extends BaseFinetuning {
    @Override
    protected void freezeBeforeTraining(FulgurModule module) {
      freeze(module.namedModules().get("rest"), /* trainBatchNorm= */ false);
    }

    @Override
    protected void finetune(FulgurModule module, int epoch, Optimizer optimizer) {
      if (epoch == 1) {
        unfreezeAndAddGroup(module.namedModules().get("rest"), optimizer);
      }
    }
  }

  @Test
  void fit_frozenBatchNorm_keepsItsStatisticsUntilItIsUnfrozen() {
    ReferenceNet net = new ReferenceNet(false);
    double[] before = ReferenceNet.weights(net).get("rest.0.runningMean");
    List<double[]> means = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
            means.add(ReferenceNet.weights(module).get("rest.0.runningMean"));
          }
        };
    Trainer trainer = trainer(2, new Tail(), watch).build();
    trainer.fit(net, ReferenceNet.data(), ReferenceNet.data());

    assertThat(means.get(0)).containsExactly(before);
    assertThat(means.get(1)).isNotEqualTo(before);
    assertThat(trainer.optimizers().get(0).groups().get(1).learningRate()).isEqualTo(0.1 / 10);
  }

  @Test
  void fit_optimizerHasTheBackboneAlready_isAnError() {
    ReferenceNet net =
        new ReferenceNet(false) {
          @Override
          protected OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(SGD.of(parameters()));
          }
        };

    assertThatThrownBy(() -> trainer(1, finetuning().build()).build().fit(net, ReferenceNet.data()))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.INVALID_OPTIONS))
        .hasMessage(
            "[InvalidOptions] SGD has 2 of the 2 frozen parameters of \"backbone\" already, so that"
                + " they could have no learning rate of their own. Give it trainableParameters() in"
                + " @ConfigureOptimizers, which leaves frozen ones out.");
  }

  @Test
  void fit_noSuchPart_namesThoseThereAre() {
    assertThatThrownBy(
            () ->
                trainer(1, finetuning().backbone("backbon").build())
                    .build()
                    .fit(new ReferenceNet(false), ReferenceNet.data()))
        .hasMessage(
            "[InvalidOptions] BackboneFinetuning is to freeze \"backbon\", but ReferenceNet has no"
                + " part of that name. It has: backbone, rest. Did you mean \"backbone\"?");
  }

  @Test
  void build_mistakes_areReportedTogether() {
    assertThatThrownBy(
            () ->
                BackboneFinetuning.builder()
                    .backbone(" ")
                    .unfreezeBackboneAtEpoch(-1)
                    .backboneInitialRatioLr(0)
                    .backboneInitialLr(Double.NaN)
                    .build())
        .hasMessage(
            """
            [InvalidOptions] BackboneFinetuning has options that cannot be:
            1) backbone is blank. Name a part of the module.
            2) unfreezeBackboneAtEpoch is -1, but must be at least 0.
            3) backboneInitialRatioLr is 0.0, but must be a finite number above 0.
            4) backboneInitialLr is NaN, but must be a finite number above 0.""");
  }
}
