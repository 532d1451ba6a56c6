package io.fulgur.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.module.FulgurModule;
import io.fulgur.weave.HyperparameterAgent;
import io.fulgur.weave.Woven;
import org.junit.jupiter.api.Test;

@SuppressWarnings("UnusedVariable") // Constructors whose arguments are recorded only.
class WeavingListenerTest {
  @SaveHyperparameters
  static class Net extends FulgurModule {
    Net(int hidden, String name) {}
  }

  @Test
  void new_underTheTestRunner_recordsTheArguments() {
    assertThat(new Net(3, "a").hparams().toString()).isEqualTo("{hidden=3, name=a}");
    assertThat(Net.class.isAnnotationPresent(Woven.class)).isTrue();
  }

  @Test
  void install_again_doesNothing() {
    HyperparameterAgent.install();

    assertThat(new Net(4, "b").hparams().toString()).isEqualTo("{hidden=4, name=b}");
  }
}
