package io.fulgur.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenMpTest {
  @BeforeEach
  void assumeControl() {
    Agreement.assumeKernelsOf(DType.F32);
    assumeTrue(OpenMp.isAvailable(), "no control of OpenMP's threads");
  }

  @Test
  void smallKernel_afterItHasRun_leavesTheWholeTeamToTheNext() {
    int team = OpenMp.threads();
    assumeTrue(team > 1, "a single processor");
    Tensor x = Agreement.random(DType.F32, 2048);
    Tensor dx = Tensor.zeros(2048);
    try (Kernel small =
        Agreement.prepare(
            Operators.RELU_BACKWARD, Operators.NONE, new Tensor[] {dx}, x, x.relu())) {
      assertThat(OpenMp.threads()).as("after preparing").isEqualTo(team);
      small.run();
    }
    assertThat(OpenMp.threads()).as("after running").isEqualTo(team);
  }

  @Test
  void alone_withinAnother_staysAloneToItsEnd() {
    int team = OpenMp.threads();
    int within =
        OpenMp.alone(
            () -> {
              OpenMp.alone(() -> "nothing");
              return OpenMp.threads();
            });
    assertThat(within).isEqualTo(1);
    assertThat(OpenMp.threads()).isEqualTo(team);
  }
}
