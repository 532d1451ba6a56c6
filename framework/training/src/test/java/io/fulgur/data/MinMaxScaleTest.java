package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.tensor.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MinMaxScaleTest {
  private static final Dataset TRAINING =
      ArrayDataset.of("x", HostArray.of(new float[] {1, 5, -3, 5, 3, 5}, 3, 2));

  private static HostArray scaled(MinMaxScale scale, float... values) {
    return scale.apply(Sample.of("x", values)).get("x");
  }

  @Test
  void fit_elements_asScikitLearn() {
    MinMaxScale scale = MinMaxScale.fit(TRAINING, "x");

    assertThat(scale.min()).containsExactly(-3, 5);
    assertThat(scale.max()).containsExactly(3, 5);
    // MinMaxScaler().fit([[1, 5], [-3, 5], [3, 5]]).transform([[0, 6]]) is [[0.5, 1]].
    assertThat(scaled(scale, 0, 6).floats()).containsExactly(0.5f, 1);
    assertThat(scaled(scale.to(-1, 1), -3, 5).floats()).containsExactly(-1, -1);
    assertThat(scale).hasToString("MinMaxScale(x, 2 elements)");
  }

  @Test
  void fit_channels_overTheOtherDimensions() {
    Dataset images = ArrayDataset.of("x", HostArray.of(new byte[] {0, 10, -1, 51}, 1, 2, 2));
    HostArray out = MinMaxScale.fit(images, "x", 0).apply(images.get(0)).get("x");

    assertThat(out.dtype()).isEqualTo(DType.F32);
    assertThat(out.floats()).containsExactly(new float[] {0, 1, 1, 0}, within(1e-6f));
  }

  @Test
  void fromState_savedState_sameTransform() {
    MinMaxScale scale = MinMaxScale.fit(TRAINING, "x").to(-2, 2);

    assertThat(scaled(MinMaxScale.fromState(scale.state()), 2, 7)).isEqualTo(scaled(scale, 2, 7));
    assertThatThrownBy(() -> MinMaxScale.fromState(Map.of("min", 3)))
        .hasMessageContaining("is not the state of a MinMaxScale");
  }

  @Test
  void apply_otherShape_errorNamesTheTransform() {
    assertThatThrownBy(() -> scaled(MinMaxScale.fit(TRAINING, "x"), 1, 2, 3))
        .hasMessageContaining("which MinMaxScale cannot work on");
    assertThatThrownBy(() -> MinMaxScale.fit(TRAINING, "x").to(1, 1))
        .hasMessageContaining("interval");
  }
}
