package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("UnusedVariable") // Fields are read by reflection.
class ModulePatternsTest {
  private static final class Net extends Module {
    private final Sequential encoder = new Sequential(new Linear(2, 3), new Linear(3, 3));
    private final Linear encoder2 = new Linear(3, 3);
    private final Linear head = new Linear(3, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "encoder.*, encoder.0.weight encoder.0.bias encoder.1.weight encoder.1.bias",
    "encoder, encoder.0.weight encoder.0.bias encoder.1.weight encoder.1.bias",
    "encoder.?.bias, encoder.0.bias encoder.1.bias",
    "*.bias, encoder.0.bias encoder.1.bias encoder2.bias head.bias",
    "head.weight, head.weight"
  })
  void freeze_byPattern_stopsTrainingWhatMatches(String pattern, String frozen) {
    Net net = new Net();
    net.freeze(pattern);
    List<String> names = new ArrayList<>();
    net.namedParameters()
        .forEach(
            (name, parameter) -> {
              if (!parameter.requiresGrad()) {
                names.add(name);
              }
            });
    assertThat(names).containsExactly(frozen.split(" "));
    assertThat(net.trainableParameterCount())
        .isEqualTo(
            net.parameterCount()
                - names.stream().mapToLong(n -> net.namedParameters().get(n).elements()).sum());

    net.unfreeze(pattern);
    assertThat(net.trainableParameterCount()).isEqualTo(net.parameterCount());
  }

  @Test
  void freeze_byAPatternThatMatchesNothing_isAnErrorWithASuggestion() {
    assertThatThrownBy(() -> new Net().freeze("haed.weight"))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.UNKNOWN_NAME))
        .hasMessageContaining("No parameter of ModulePatternsTest.Net matches \"haed.weight\"")
        .hasMessageContaining("Did you mean \"head.weight\"?")
        .hasMessageContaining("encoder.0.weight, ");
  }

  @Test
  void apply_visitsEachModuleOnce_partsFirst() {
    Net net = new Net();
    List<Module> visited = new ArrayList<>();
    net.apply(visited::add);

    assertThat(visited)
        .containsExactly(
            net.encoder.layers().get(0),
            net.encoder.layers().get(1),
            net.encoder,
            net.encoder2,
            net.head,
            net);
  }

  @Test
  void aliases_ofTiedWeights_tellTheirFirstNames() {
    class Tied extends Module {
      private final Linear in = new Linear(2, 2);
      private final Parameter again = in.weight();
      private final Sequential wrapped = new Sequential(in);
    }
    assertThat(new Tied().aliases())
        .isEqualTo(
            Map.of("in.weight", "again", "wrapped.0.weight", "again", "wrapped.0.bias", "in.bias"));
  }

  @Test
  void moduleDict_namesItsModulesByKey() {
    Map<String, Linear> linears = new LinkedHashMap<>();
    linears.put("b", new Linear(1, 1));
    linears.put("a", new Linear(1, 1));
    ModuleDict<Linear> dict = new ModuleDict<>(linears);

    assertThat(dict.namedParameters().keySet())
        .containsExactly("b.weight", "b.bias", "a.weight", "a.bias");
    assertThat(dict.get("a")).isSameAs(linears.get("a"));
    assertThatThrownBy(() -> dict.get("c")).hasMessageContaining("has no \"c\". It has: b, a");
    assertThatThrownBy(() -> dict.put("a.b", new Linear(1, 1)))
        .hasMessageContaining("the key is \"a.b\"; allowed is a name without dots");
  }

  @Test
  void parameterList_namesItsParametersByIndex() {
    ParameterList list = new ParameterList(Parameter.of(Tensor.ones(1)));
    list.add(Parameter.of(Tensor.zeros(2)));

    assertThat(list.namedParameters().keySet()).containsExactly("0", "1");
    assertThat(list.get(1).elements()).isEqualTo(2);
  }

  @Test
  void buffer_notPersistent_isConvertedButNotSaved() {
    class Masked extends Module {
      private final Buffer mask = Buffer.nonPersistent(Tensor.ones(2));
      private final Buffer mean = Buffer.of(Tensor.ones(1));
    }
    Masked masked = new Masked();
    masked.to(DType.F64);

    assertThat(masked.mask.dtype()).isEqualTo(DType.F64);
    assertThat(masked.namedBuffers().keySet()).containsExactly("mask", "mean");
    assertThat(masked.stateDict().keySet()).containsExactly("mean");
  }
}
