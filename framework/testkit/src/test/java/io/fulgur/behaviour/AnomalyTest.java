package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Determinism;
import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.AnomalyDetection;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnomalyTest {
  private static BoringModule module(UnaryOperator<Tensor> spoil) {
    return new BoringModule() {
      @Override
      protected Tensor trainingLoss(Batch batch, int batchIndex) {
        Tensor loss = loss(batch);
        return batchIndex < 2 ? loss : spoil.apply(loss);
      }
    };
  }

  private static Trainer detecting() {
    return TestTrainers.quiet().maxEpochs(1).detectAnomaly(true).build();
  }

  @Test
  void fit_nanInTheBackwardPass_namesTheOperatorThatMadeIt() {
    Trainer trainer = detecting();

    assertThatThrownBy(
            () ->
                trainer.fit(
                    module(loss -> loss.add(loss.mul(0).sqrt().mul(0))), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[NonFiniteGradient] The backward pass of sqrt made NaN")
        .hasMessageContaining("AnomalyTest.java");
    assertThat(trainer.globalStep()).isEqualTo(2);
    assertThat(AnomalyDetection.current()).isNull();
  }

  @Test
  void fit_lossNotFinite_namesTheOperatorThatMadeIt() {
    assertThatThrownBy(
            () -> detecting().fit(module(loss -> loss.neg().log()), BoringData.loader(4)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[NonFiniteLoss] The loss is NaN at epoch 0, batch 2, step 2.")
        .hasMessageContaining("The first NaN was made by log of [], called at ");
  }

  @Test
  void fit_nothingWrong_learnsTheSame() {
    Fulgur.seedEverything(4);
    BoringModule watched = new BoringModule();
    detecting().fit(watched, BoringData.loader(5));
    Fulgur.seedEverything(4);
    BoringModule plain = new BoringModule();
    TestTrainers.quiet().maxEpochs(1).build().fit(plain, BoringData.loader(5));

    assertThat(watched.parameters().get(0).toFloatArray())
        .isEqualTo(plain.parameters().get(0).toFloatArray());
  }

  @ParameterizedTest
  @EnumSource(Determinism.class)
  void deterministic_ourOwnKernels_learnTheSame(Determinism wanted) {
    Fulgur.seedEverything(4);
    BoringModule checked = new BoringModule();
    Trainer trainer = TestTrainers.quiet().maxEpochs(2).deterministic(wanted).build();
    String told = LogLines.of(() -> trainer.fit(checked, BoringData.module(5, 2)));
    Fulgur.seedEverything(4);
    BoringModule plain = new BoringModule();
    TestTrainers.quiet().maxEpochs(2).build().fit(plain, BoringData.module(5, 2));

    assertThat(told).isEmpty();
    assertThat(checked.parameters().get(0).toFloatArray())
        .isEqualTo(plain.parameters().get(0).toFloatArray());
  }

  @Test
  void deterministic_noSeedChosen_warns() throws InterruptedException {
    String[] told = {""};
    // Another thread's random numbers are its own, and nobody has seeded them.
    Thread thread =
        new Thread(
            () -> {
              Trainer trainer = TestTrainers.quiet().maxEpochs(1).deterministic(true).build();
              told[0] = LogLines.of(() -> trainer.fit(new BoringModule(), BoringData.loader(1)));
              StepScope.clearThread();
            });
    thread.start();
    thread.join();

    assertThat(told[0]).contains("deterministic is set, but nobody has chosen a seed");
  }
}
