package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayersTest {

  @Test
  void toString_ofLayers_tellsTheirSizes() {
    assertThat(new Linear(4, 2)).hasToString("Linear(inFeatures=4, outFeatures=2, bias=true)");
    assertThat(new Dropout(0.5)).hasToString("Dropout(p=0.5)");
    assertThat(new Flatten()).hasToString("Flatten(startDim=1, endDim=-1)");
    assertThat(new LayerNorm(3, 4)).hasToString("LayerNorm([3, 4], epsilon=1.0E-5)");
    assertThat(new Softmax(-1)).hasToString("Softmax(dim=-1)");
    assertThat(new GELU()).hasToString("GELU");
    assertThat(GELU.tanhApproximation()).hasToString("GELU(tanh)");
    assertThat(new ReLU()).hasToString("ReLU");
  }

  @Test
  void linear_withoutBias_hasNone() {
    assertThat(new Linear(4, 2, /* bias= */ false).bias()).isNull();
    assertThat(new Linear(4, 2).bias().shape()).isEqualTo(Shape.of(2));
  }

  @Test
  void linear_ofInputWithOtherFeatures_namesBothShapes() {
    assertThatThrownBy(() -> new Linear(4, 2).forward(Tensor.ones(3, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("linear of [3, 5] and [2, 4]")
        .hasMessageContaining("inFeatures = 4")
        .hasMessageContaining("LayersTest");
  }

  @Test
  void linear_ofEmptyBatch_isEmpty() {
    assertThat(new Linear(4, 2).forward(Tensor.zeros(0, 4)).shape()).isEqualTo(Shape.of(0, 2));
  }

  @Test
  void linear_ofSizeZero_isRefused() {
    assertThatThrownBy(() -> new Linear(0, 2))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidArgument] Linear(inFeatures=0, outFeatures=2): both sizes must be positive.");
  }

  @Test
  void layerNorm_ofOtherSizes_namesThem() {
    assertThatThrownBy(() -> new LayerNorm(4).forward(Tensor.ones(3, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[4]");
  }

  @Test
  void layerNorm_ofBadArguments_isRefused() {
    assertThatThrownBy(LayerNorm::new).hasMessageContaining("LayerNorm over []");
    assertThatThrownBy(() -> new LayerNorm(3, 0)).hasMessageContaining("LayerNorm over [3, 0]");
    assertThatThrownBy(() -> new LayerNorm(Shape.of(3), 0))
        .hasMessageContaining("epsilon is 0.0, but must be positive");
  }

  @Test
  void flatten_joinsAllButTheBatch() {
    assertThat(new Flatten().forward(Tensor.ones(2, 3, 4)).shape()).isEqualTo(Shape.of(2, 12));
  }
}
