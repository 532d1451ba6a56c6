package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.TestTrainers;
import org.junit.jupiter.api.Test;

class InferenceModeTest {
  /** Asks for gradients while it evaluates, as an energy-based model does. */
  private static final class NeedsGradients extends BoringModule {
    private int recorded;

    private void differentiate(Batch batch) {
      try (Autograd.NoGrad ignored = Autograd.enableGrad()) {
        loss(batch).backward();
        recorded++;
      }
    }

    @Override
    protected void validationStep(Batch batch) {
      differentiate(batch);
    }

    @Override
    protected void testStep(Batch batch) {
      differentiate(batch);
    }

    @Override
    protected Tensor predictStep(Batch batch) {
      differentiate(batch);
      return super.predictStep(batch);
    }
  }

  @Test
  void evaluate_inferenceModeOff_mayRecordGradients() {
    NeedsGradients module = new NeedsGradients();
    Trainer trainer = TestTrainers.quiet().inferenceMode(false).build();
    trainer.validate(module, BoringData.module(1, 2));
    trainer.test(module, BoringData.module(1, 2));
    trainer.predict(module, BoringData.module(1, 2));

    assertThat(module.recorded).isEqualTo(6);
  }

  @Test
  void validate_inferenceMode_refusesToRecordGradients() {
    Trainer trainer = TestTrainers.quiet().build();

    assertThatThrownBy(() -> trainer.validate(new NeedsGradients(), BoringData.module(1, 2)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("enableGrad() was called in inference mode")
        .hasMessageContaining("set its option inferenceMode to false");
    assertThatThrownBy(() -> trainer.test(new NeedsGradients(), BoringData.module(1, 2)))
        .hasMessageContaining("inference mode");
    assertThatThrownBy(() -> trainer.predict(new NeedsGradients(), BoringData.module(1, 2)))
        .hasMessageContaining("inference mode");
    assertThat(Autograd.isInferenceMode()).isFalse();
    assertThat(Autograd.isGradEnabled()).isTrue();
  }

  @Test
  void fit_inferenceMode_leavesItsValidationFree() {
    NeedsGradients module = new NeedsGradients();
    TestTrainers.quiet()
        .maxEpochs(1)
        .numSanityValSteps(0)
        .build()
        .fit(module, BoringData.module(1, 2));

    assertThat(module.recorded).isEqualTo(2);
  }
}
