package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.EmbeddingBags.Mode;
import org.junit.jupiter.api.Test;

class EmbeddingBagTest {
  @Test
  void call_ofRowsAndOfOffsets_areTheSame() {
    EmbeddingBag bag = EmbeddingBag.builder(5, 3).mode(Mode.SUM).build();
    Tensor rows = Tensor.of(new long[] {4, 0, 2, 2}, 2, 2);

    Tensor ofRows = bag.call(rows);
    Tensor ofOffsets = bag.call(rows.reshape(4), Tensor.of(new long[] {0, 2}, 2), null);

    Tensor table = bag.weight().detach();
    assertThat(ofRows.toFloatArray()).isEqualTo(ofOffsets.toFloatArray());
    assertThat(ofRows.select(0, 1).toFloatArray())
        .isEqualTo(table.select(0, 2).mul(2).toFloatArray());
  }

  @Test
  void call_withPadding_leavesItOutAndUntrained() {
    EmbeddingBag bag = EmbeddingBag.builder(3, 2).paddingIndex(1).build();
    Tensor out = bag.call(Tensor.of(new long[] {0, 1, 1, 1}, 2, 2));

    out.sum().backward();

    assertThat(bag.weight().detach().select(0, 1).toFloatArray()).containsOnly(0);
    assertThat(out.select(0, 0).toFloatArray())
        .isEqualTo(bag.weight().detach().select(0, 0).toFloatArray());
    assertThat(out.select(0, 1).toFloatArray()).containsOnly(0);
    assertThat(bag.weight().grad().toFloatArray()).containsExactly(1, 1, 0, 0, 0, 0);
  }

  @Test
  void call_withALargestNorm_shortensWhatIsLookedUp() {
    EmbeddingBag bag = EmbeddingBag.builder(2, 2).mode(Mode.MAX).maxNorm(0.5).build();
    Initializers.constant(bag.weight(), 3);

    bag.call(Tensor.of(new long[] {0}, 1, 1));

    Tensor norms = bag.weight().detach().square().sum(/* keepDim= */ false, 1).sqrt();
    assertThat(norms.toFloatArray()[0]).isBetween(0.499f, 0.5f);
    assertThat(norms.toFloatArray()[1]).isGreaterThan(4);
  }

  @Test
  void hooks_seeIndexOffsetsAndWeights() {
    EmbeddingBag bag = EmbeddingBag.builder(2, 2).mode(Mode.SUM).build();
    int[] seen = new int[1];
    bag.registerForwardPreHook(
        (module, inputs) -> {
          seen[0] = inputs.length;
          return inputs;
        });

    bag.call(Tensor.arange(2), Tensor.of(new long[] {0}, 1), Tensor.ones(2));

    assertThat(seen).containsExactly(3);
  }

  @Test
  void build_withAPaddingIndexBeyondTheTable_isAnError() {
    EmbeddingBag.Builder options = EmbeddingBag.builder(2, 2).paddingIndex(2);

    assertThatThrownBy(options::build)
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("paddingIndex is 2; allowed is 0 to 1");
  }

  @Test
  void toString_tellsTheOptions() {
    assertThat(EmbeddingBag.builder(4, 2).paddingIndex(0).maxNorm(1).build())
        .hasToString("EmbeddingBag(count=4, features=2, mode=MEAN, paddingIndex=0, maxNorm=1.0)");
  }
}
