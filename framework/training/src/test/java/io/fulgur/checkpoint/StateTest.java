package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {
  /** What a file does to a state. */
  private static State throughText(State state) {
    try {
      JsonNode node = Json.MAPPER.readTree(Json.write(state.toJson()));
      return State.read("callbacks", (ObjectNode) node, state.tensorsByPath());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void read_everyKindOfValue_isTheSame() {
    State state =
        throughText(
            State.builder()
                .put("truth", true)
                .put("integer", Long.MIN_VALUE)
                .put("number", 0.1)
                .put("text", "a \"text\"\n")
                .put("integers", new long[] {1, -2})
                .put("numbers", new double[] {0.5, Double.NaN})
                .put("texts", List.of("a", "b"))
                .put("json", JsonNodeFactory.instance.arrayNode().add(1))
                .build());
    assertThat(state.booleanValue("truth")).isTrue();
    assertThat(state.longValue("integer")).isEqualTo(Long.MIN_VALUE);
    assertThat(state.doubleValue("number")).isEqualTo(0.1);
    assertThat(state.stringValue("text")).isEqualTo("a \"text\"\n");
    assertThat(state.longs("integers")).containsExactly(1, -2);
    assertThat(state.doubles("numbers")).containsExactly(0.5, Double.NaN);
    assertThat(state.strings("texts")).containsExactly("a", "b");
    assertThat(state.node("json").get(0).intValue()).isEqualTo(1);
    assertThat(state.valueNames()).startsWith("truth", "integer", "number");
  }

  @Property
  void doubleValue_anyNumber_comesBackBitByBit(@ForAll double value) {
    State state = throughText(State.builder().put("x", value).build());
    assertThat(Double.doubleToLongBits(state.doubleValue("x")))
        .isEqualTo(Double.doubleToLongBits(value));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE
      })
  void doubleValue_specialNumbers_comeBack(double value) {
    doubleValue_anyNumber_comesBackBitByBit(value);
  }

  @Test
  void child_withValuesAndTensors_isSeparateFromItsParent() {
    Tensor own = Tensor.scalar(1);
    Tensor inner = Tensor.scalar(2);
    State child = State.builder().put("best", 0.25).tensor("shadow", inner).build();
    State state =
        throughText(
            State.builder()
                .put("n", 1)
                .tensor("shadow", own)
                .child("ModelCheckpoint", child)
                .build());
    assertThat(state.tensors()).containsExactly(Map.entry("shadow", own));
    assertThat(state.children()).containsExactly("ModelCheckpoint");
    assertThat(state.child("ModelCheckpoint").doubleValue("best")).isEqualTo(0.25);
    assertThat(state.child("ModelCheckpoint").tensors())
        .containsExactly(Map.entry("shadow", inner));
  }

  @Property
  void child_anyTwoNames_doNotMixTheirTensors(@ForAll String name, @ForAll String other) {
    Tensor mine = Tensor.scalar(1);
    Tensor theirs = Tensor.scalar(2);
    State.Builder builder = State.builder();
    if (!name.equals(other)) {
      builder.child(other, State.builder().tensor(name, theirs).build());
    }
    State state =
        builder
            .child(name, State.builder().tensor(other, mine).build())
            .tensor(name + "/" + other, theirs)
            .build();
    assertThat(state.child(name).tensors()).containsExactly(Map.entry(other, mine));
    assertThat(state.tensors()).containsExactly(Map.entry(name + "/" + other, theirs));
  }

  @Test
  void child_putTwice_isReplacedWithItsTensors() {
    State first = State.builder().tensor("a", Tensor.scalar(1)).build();
    State state = State.builder().child("x", first).child("x", State.empty()).build();
    assertThat(state.child("x").isEmpty()).isTrue();
  }

  @Test
  void accessors_ofMissingEntries_listWhatThereIs() {
    State state = throughText(State.builder().put("best", 1.0).put("wait", 2).build());
    assertThatThrownBy(() -> state.doubleValue("bets"))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[StateMismatch] The saved state callbacks has no entry \"bets\". It has: best, wait. Was it saved by another version of this class?");
    assertThatThrownBy(() -> state.tensor("shadow"))
        .hasMessageContaining("has no tensor \"shadow\". It has: none.");
    assertThatThrownBy(() -> state.child("EMA"))
        .hasMessageContaining("has no nested state \"EMA\". It has: none.");
    assertThat(state.has("best")).isTrue();
    assertThat(state.has("bets")).isFalse();
  }

  @Test
  void accessors_ofAnotherType_tellWhatIsThere() {
    State state =
        throughText(
            State.builder()
                .put("text", "three")
                .put("number", 1.5)
                .put("large", 1L << 40)
                .child("nested", State.builder().put("x", 1).build())
                .build());
    assertThatThrownBy(() -> state.longValue("text"))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining(
            "callbacks holds \"three\" under \"text\", where an integer of 64 bits is expected");
    assertThatThrownBy(() -> state.longValue("number")).hasMessageContaining("holds 1.5");
    assertThatThrownBy(() -> state.intValue("large")).hasMessageContaining("32 bits");
    assertThatThrownBy(() -> state.doubleValue("text")).hasMessageContaining("a number");
    assertThatThrownBy(() -> state.booleanValue("text")).hasMessageContaining("true or false");
    assertThatThrownBy(() -> state.stringValue("number")).hasMessageContaining("a text");
    assertThatThrownBy(() -> state.longs("number")).hasMessageContaining("a list");
    assertThatThrownBy(() -> state.child("nested").longValue("y"))
        .hasMessageContaining("The saved state callbacks/nested has no entry \"y\"");
  }

  @Test
  void toJson_changed_leavesTheStateAsItWas() {
    State state = State.builder().put("n", 1).build();
    state.toJson().put("n", 2);
    assertThat(state.longValue("n")).isEqualTo(1);
  }
}
