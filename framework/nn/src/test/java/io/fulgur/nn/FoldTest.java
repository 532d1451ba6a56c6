package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ConvolutionOptions;
import org.junit.jupiter.api.Test;

class FoldTest {
  private static final Tensor IMAGE = Tensor.arange(16).to(DType.F32);

  @Test
  void unfold_ofAnImage_givesItsWindowsRowByRow() {
    Tensor windows = new Unfold(2, 2, ConvolutionOptions.defaults().stride(2)).call(image());

    assertThat(windows.shape().toArray()).containsExactly(1, 4, 4);
    assertThat(windows.toFloatArray())
        .containsExactly(0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15);
  }

  @Test
  void fold_ofWindowsThatDoNotOverlap_isTheImage() {
    ConvolutionOptions apart = ConvolutionOptions.defaults().stride(2);
    Tensor windows = new Unfold(2, 2, apart).call(image());

    Tensor image = new Fold(new int[] {4, 4}, new int[] {2, 2}, apart).call(windows);

    assertThat(image.shape()).isEqualTo(image().shape());
    assertThat(image.toFloatArray()).isEqualTo(IMAGE.toFloatArray());
  }

  @Test
  void fold_ofWindowsThatOverlap_sumsThem() {
    Tensor image = new Fold(3, 2).call(Tensor.ones(1, 4, 4));

    assertThat(image.toFloatArray()).containsExactly(1, 2, 1, 2, 4, 2, 1, 2, 1);
  }

  @Test
  void layers_withOptionsThatTheyDoNotHave_areRejected() {
    assertThatThrownBy(() -> new Unfold(2, 2, ConvolutionOptions.defaults().groups(2)))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("Unfold has no groups");
    assertThatThrownBy(() -> new Fold(0, 2))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("outputSize is [0, 0]");
    assertThatThrownBy(() -> new Unfold(0))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("kernelSize is [0, 0]");
  }

  @Test
  void toString_tellsTheOptions() {
    assertThat(new Unfold(3)).hasToString("Unfold(kernelSize=[3, 3])");
    assertThat(
            new Fold(
                new int[] {4, 5},
                new int[] {2, 1},
                ConvolutionOptions.defaults().stride(2).padding(1)))
        .hasToString("Fold(outputSize=[4, 5], kernelSize=[2, 1], stride=[2], padding=[1])");
  }

  private static Tensor image() {
    return IMAGE.reshape(1, 1, 4, 4);
  }
}
