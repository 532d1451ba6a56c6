package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequentialTest {

  /** Remembers what came and what went. */
  private static final class Recorder extends Module {
    private final Module layer;
    private final transient List<Tensor> seen = new ArrayList<>();

    Recorder(Module layer) {
      this.layer = layer;
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor output = layer.forward(input);
      seen.add(input);
      seen.add(output);
      return output;
    }
  }

  @Test
  void forward_ofNoLayers_returnsTheInput() {
    Tensor input = Tensor.ones(2);
    assertThat(new Sequential().forward(input)).isSameAs(input);
  }

  @Test
  void forward_givesBackWhatPassedBetweenLayersButNotTheInputOrOutput() {
    Recorder first = new Recorder(new ReLU());
    Recorder second = new Recorder(new Tanh());
    try (StepScope ignored = StepScope.open("SequentialTest")) {
      Tensor input = Tensor.ones(4);
      Tensor output = new Sequential(first, second).forward(input);
      assertThat(first.seen.get(0)).isSameAs(input);
      assertThat(input.isAlive()).isTrue();
      assertThat(first.seen.get(1).isAlive()).isFalse();
      assertThat(output.isAlive()).isTrue();
    }
  }

  @Test
  void forward_throughLayersThatReturnTheirInput_keepsTheCallersInput() {
    Dropout dropout = new Dropout(0.5);
    dropout.eval();
    try (StepScope ignored = StepScope.open("SequentialTest")) {
      Tensor input = Tensor.ones(4);
      Tensor output =
          new Sequential(new Identity(), dropout, new Sequential(), new ReLU()).forward(input);
      assertThat(input.toFloatArray()).containsOnly(1);
      assertThat(output.toFloatArray()).containsOnly(1);
    }
  }

  @Test
  void forward_throughViews_keepsTheirMemory() {
    try (StepScope ignored = StepScope.open("SequentialTest")) {
      Tensor input = Tensor.full(2, DType.F32, 2, 3, 1);
      Tensor output = new Sequential(new ReLU(), new Flatten(), new Identity()).forward(input);
      Tensor other = Tensor.ones(2, 3).mul(9);
      assertThat(output.toFloatArray()).containsOnly(2);
      assertThat(other.toFloatArray()).containsOnly(9);
    }
  }

  @Test
  void forward_throughLayerThatReturnsAParameter_keepsTheParameter() {
    Parameter parameter = Parameter.of(Tensor.ones(2));
    Module constant =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            return parameter;
          }
        };
    new Sequential(constant, new ReLU()).forward(Tensor.ones(2));
    assertThat(parameter.isAlive()).isTrue();
  }

  @Test
  void result_keptByALayerWithoutKeep_saysWhatToDo() {
    Recorder first = new Recorder(new ReLU());
    try (StepScope ignored = StepScope.open("SequentialTest")) {
      new Sequential(first, new Tanh()).forward(Tensor.ones(4));
      assertThatThrownBy(() -> first.seen.get(1).toFloatArray())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Call keep()");
    }
  }

  @Test
  void memory_ofDeepChainWithoutGradients_doesNotGrowWithItsDepth() {
    assertThat(pooledBytesOf(64)).isEqualTo(pooledBytesOf(4));
  }

  private static long pooledBytesOf(int depth) {
    StepScope.clearThread();
    List<Module> layers = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      layers.add(new ReLU());
    }
    try (StepScope ignored = StepScope.open("depth " + depth)) {
      new Sequential(layers).forward(Tensor.ones(1000)).sum();
    }
    long bytes = StepScope.pooledBytes();
    StepScope.clearThread();
    return bytes;
  }

  @Test
  void layers_areThoseGiven() {
    ReLU relu = new ReLU();
    assertThat(new Sequential(relu).layers()).containsExactly(relu);
  }
}
