package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateDictTest {

  private static final class Net extends Module {
    private final Sequential net = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
    private final Buffer count = Buffer.of(Tensor.of(new long[] {7}, 1));

    @Override
    public Tensor forward(Tensor input) {
      return net.forward(input);
    }

    long count() {
      return count.toLongArray()[0];
    }
  }

  private static Map<String, Tensor> copyOf(Map<String, Tensor> state) {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    state.forEach((name, tensor) -> copy.put(name, tensor.keep()));
    return copy;
  }

  @Test
  void stateDict_namesParametersAndBuffersInOrder() {
    assertThat(new Net().stateDict().keySet())
        .containsExactly("count", "net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias");
  }

  @Test
  void stateDict_isDetachedButSharesMemory() {
    Net net = new Net();
    Tensor weight = net.stateDict().get("net.0.weight");
    assertThat(weight.requiresGrad()).isFalse();
    net.namedParameters().get("net.0.weight").fill(5);
    assertThat(weight.toFloatArray()).containsOnly(5);
  }

  @Test
  void loadStateDict_ofAnotherModulesState_givesEqualOutputs() {
    Net from = new Net();
    from.namedBuffers().get("count").fill(12);
    Net to = new Net();
    LoadReport report = to.loadStateDict(from.stateDict(), /* strict= */ true);

    assertThat(report).isEqualTo(new LoadReport(List.of(), List.of()));
    Tensor x = Tensor.of(new float[] {1, -2, 0.5f, 3}, 2, 2);
    assertThat(to.forward(x).toFloatArray()).containsExactly(from.forward(x).toFloatArray());
    assertThat(to.count()).isEqualTo(12);
  }

  @Test
  void loadStateDict_keepsTheParametersThemselves() {
    Net net = new Net();
    var before = net.parameters();
    net.loadStateDict(new Net().stateDict());
    assertThat(net.parameters()).containsExactlyElementsOf(before);
    assertThat(net.parameters()).allMatch(Tensor::requiresGrad);
  }

  @Test
  void loadStateDict_fromTensorsOfAScope_outlivesTheScope() {
    Net net = new Net();
    try (StepScope ignored = StepScope.open("StateDictTest")) {
      Map<String, Tensor> state = new LinkedHashMap<>(net.stateDict());
      state.put("net.2.bias", Tensor.ones(1).mul(3));
      net.loadStateDict(state);
    }
    assertThat(net.namedParameters().get("net.2.bias").toFloatArray()).containsExactly(3);
  }

  @Test
  void loadStateDict_thatDoesNotFit_reportsEveryMistakeAtOnceAndLoadsNothing() {
    Net net = new Net();
    Map<String, Tensor> before = copyOf(net.stateDict());
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("count", Tensor.of(new int[] {9}, 1));
    state.put("net.0.weight", Tensor.zeros(2, 3));
    state.put("net.2.weight", Tensor.zeros(DType.F64, 1, 4));
    state.put("net.2.bias", Tensor.ones(1));
    state.put("net.3.bias", Tensor.ones(1));
    state.put("head.weight", Tensor.ones(DType.F64, 4, 2));

    assertThatThrownBy(() -> net.loadStateDict(state))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.STATE_DICT_MISMATCH))
        .hasMessage(
            """
            [StateDictMismatch] The state dict does not fit StateDictTest.Net; nothing was loaded.
               1) Wrong type: count is I64[1] in the module, but I32[1] in the state dict. Convert one\
             with to(DType.I64).
               2) Wrong shape: net.0.weight is F32[3, 2] in the module, but F32[2, 3] in the state dict.
               3) Missing: net.0.bias, a parameter F32[3].
               4) Wrong shape: net.2.weight is F32[1, 3] in the module, but F64[1, 4] in the state dict.
               5) Unexpected: net.3.bias F32[1].
               6) Unexpected: head.weight F64[4, 2].
               With strict = false, missing and unexpected entries are left alone.""");
    net.stateDict()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.toDoubleArray()).isEqualTo(before.get(name).toDoubleArray()));
  }

  @Test
  void loadStateDict_notStrict_loadsWhatFitsAndReportsTheRest() {
    Net net = new Net();
    LoadReport report =
        net.loadStateDict(
            Map.of("net.2.bias", Tensor.ones(1).mul(4), "head.bias", Tensor.ones(1)),
            /* strict= */ false);
    assertThat(report.missing())
        .containsExactly("count", "net.0.weight", "net.0.bias", "net.2.weight");
    assertThat(report.unexpected()).containsExactly("head.bias");
    assertThat(net.namedParameters().get("net.2.bias").toFloatArray()).containsExactly(4);
  }

  @Test
  void loadStateDict_notStrictButMisshapen_isRefused() {
    Net net = new Net();
    assertThatThrownBy(
            () -> net.loadStateDict(Map.of("count", Tensor.arange(2)), /* strict= */ false))
        .hasMessageContaining("1) Wrong shape: count is I64[1] in the module, but I64[2]");
    assertThat(net.count()).isEqualTo(7);
  }

  @Test
  void to_anotherType_convertsFloatingPointStateOnly() {
    Net net = new Net();
    float[] before = net.namedParameters().get("net.0.weight").toFloatArray();
    net.to(DType.F64);
    assertThat(net.parameters()).allMatch(p -> p.dtype() == DType.F64);
    assertThat(net.namedBuffers().get("count").dtype()).isEqualTo(DType.I64);
    assertThat(net.namedParameters().get("net.0.weight").toFloatArray()).containsExactly(before);
    assertThat(net.forward(Tensor.ones(DType.F64, 1, 2)).dtype()).isEqualTo(DType.F64);
  }

  @Test
  void to_integerType_isRefused() {
    assertThatThrownBy(() -> new Net().to(DType.I32))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[InvalidArgument] StateDictTest.Net.to(I32): parameters are of a floating-point type;"
                + " allowed are F32, F64, BF16 and F16.");
  }
}
