package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import org.junit.jupiter.api.Test;

/** Hooks that a callback does not declare itself. */
class InheritedHooksTest {
  /** Is not public, so that the compiler makes bridges in its public subclasses. */
  abstract static class EpochCounter implements Callback {
    int epochs;

    @Override
    public void onTrainEpochEnd(Trainer trainer, FulgurModule module) {
      epochs++;
    }
  }

  /** Declares nothing. */
  public static final class Inheriting extends EpochCounter {}

  @Test
  void fit_hookOfASuperclassThatIsNotPublic_isCalled() {
    Inheriting callback = new Inheriting();
    TestTrainers.quiet()
        .maxEpochs(3)
        .callback(callback)
        .build()
        .fit(new BoringModule(), BoringData.module(2, 1));

    assertThat(callback.epochs).isEqualTo(3);
  }
}
