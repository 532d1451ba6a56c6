package io.fulgur.benchmarks.fulgur;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.benchmarks.contestant.ImageClassifier;
import io.fulgur.benchmarks.contestant.LanguageModel;
import io.fulgur.benchmarks.contestant.Mlp;
import io.fulgur.nn.Module;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The networks are those that the peers train: the counts are the ones libtorch's modules have. */
class NetworksTest {

  private static long parameters(Module network) {
    return network.parameters().stream().mapToLong(Tensor::elements).sum();
  }

  private static long[] outputShape(Module network, Tensor input) {
    return Autograd.noGrad(() -> network.call(input)).shape().toArray();
  }

  @Test
  void mlp_large_hasThreeLinearLayers() {
    Module mlp = Networks.mlp(Mlp.LARGE);

    assertThat(parameters(mlp)).isEqualTo(785 * 512 + 513 * 256 + 257 * 10);
    assertThat(outputShape(mlp, Tensor.zeros(2, 784))).containsExactly(2, 10);
  }

  @Test
  void lenet_isTheNetworkOf1998() {
    assertThat(parameters(new Lenet())).isEqualTo(61_706);
    assertThat(outputShape(new Lenet(), images(ImageClassifier.LENET))).containsExactly(2, 10);
  }

  @Test
  void resnet_hasTwentyLayersAndProjections() {
    assertThat(parameters(new Resnet())).isEqualTo(272_474);
    assertThat(outputShape(new Resnet(), images(ImageClassifier.RESNET))).containsExactly(2, 10);
  }

  @Test
  void lstm_readsTheRows() {
    assertThat(parameters(new RowsLstm())).isEqualTo(82_186);
    assertThat(outputShape(new RowsLstm(), images(ImageClassifier.ROWS))).containsExactly(2, 10);
  }

  @Test
  void transformer_scoresEachTokensSuccessor() {
    Tensor tokens = Tensor.zeros(DType.I64, 2, LanguageModel.TOKENS);

    assertThat(parameters(new CausalTransformer())).isEqualTo(661_992);
    assertThat(outputShape(new CausalTransformer(), tokens)).containsExactly(128, 1000);
  }

  private static Tensor images(ImageClassifier model) {
    return Tensor.zeros(2, model.channels(), model.side(), model.side());
  }
}
