package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.Tensor;
import org.junit.jupiter.api.Test;

class StepOutputTest {
  private final Tensor loss = Tensor.of(new float[] {1});
  private final Tensor logits = Tensor.of(new float[] {1, 2}, 2);

  @Test
  void with_moreEntries_keepsTheOrderAndLeavesTheFirstAlone() {
    StepOutput first = StepOutput.loss(loss);
    StepOutput output = first.with("logits", logits).with("a", loss);

    assertThat(output.names()).containsExactly("loss", "logits", "a");
    assertThat(output.get("logits")).isSameAs(logits);
    assertThat(output.loss()).isSameAs(loss);
    assertThat(first.has("logits")).isFalse();
  }

  @Test
  void get_unknownName_listsWhatThereIs() {
    StepOutput output = StepOutput.loss(loss).with("logits", logits);

    assertThatThrownBy(() -> output.get("logit"))
        .hasMessage("[NoSuchOutput] The step returned no \"logit\". It returned: loss, logits.");
  }

  @Test
  void asMap_changed_throws() {
    StepOutput output = StepOutput.of("a", loss).with("b", loss);

    assertThatThrownBy(() -> output.asMap().put("c", loss))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(output.loss()).isNull();
  }
}
