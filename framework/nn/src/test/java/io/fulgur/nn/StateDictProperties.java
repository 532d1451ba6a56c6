package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StateDictProperties {

  /** A module of any structure. */
  private static final class Node extends Module {
    private final Parameter weight;
    private final List<Node> list;
    private final Map<String, Node> map;
    private final Node[] array;

    Node(double value, List<Node> list, Map<String, Node> map, List<Node> array) {
      this.weight = Parameter.of(Tensor.full(value, DType.F32, 2));
      this.list = list;
      this.map = map;
      this.array = array.toArray(Node[]::new);
    }

    /** Returns a module of the same structure with every weight 0. */
    Node zeroed() {
      Map<String, Node> zeroedMap = new LinkedHashMap<>();
      map.forEach((key, node) -> zeroedMap.put(key, node.zeroed()));
      return new Node(
          0,
          list.stream().map(Node::zeroed).toList(),
          zeroedMap,
          List.of(array).stream().map(Node::zeroed).toList());
    }

    int size() {
      return 1
          + list.stream().mapToInt(Node::size).sum()
          + map.values().stream().mapToInt(Node::size).sum()
          + List.of(array).stream().mapToInt(Node::size).sum();
    }
  }

  @Provide
  Arbitrary<Node> nodes() {
    return nodes(3);
  }

  private static Arbitrary<Node> nodes(int depth) {
    Arbitrary<Integer> values = Arbitraries.integers().between(1, 100);
    if (depth == 0) {
      return values.map(value -> new Node(value, List.of(), Map.of(), List.of()));
    }
    Arbitrary<Node> child = Arbitraries.lazy(() -> nodes(depth - 1));
    Arbitrary<String> keys = Arbitraries.of("a", "b", "c");
    return Combinators.combine(
            values,
            child.list().ofMaxSize(2),
            Arbitraries.maps(keys, child).ofMaxSize(2),
            child.list().ofMaxSize(1))
        .as(Node::new);
  }

  @Property(tries = 50)
  void state_loadedIntoAModuleOfTheSameStructure_comesBack(@ForAll("nodes") Node node) {
    Map<String, Tensor> state = node.stateDict();
    Node other = node.zeroed();
    assertThat(other.stateDict().keySet()).containsExactlyElementsOf(state.keySet());

    other.loadStateDict(state);

    other
        .stateDict()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.toFloatArray()).containsExactly(state.get(name).toFloatArray()));
  }

  @Property(tries = 50)
  void names_areOnePerParameterAndModule(@ForAll("nodes") Node node) {
    assertThat(node.parameters()).hasSize(node.size());
    assertThat(new HashSet<>(node.parameters())).hasSize(node.size());
    assertThat(node.namedModules()).hasSize(node.size());
    node.namedParameters()
        .forEach(
            (name, parameter) -> {
              String owner = name.substring(0, Math.max(0, name.lastIndexOf('.')));
              assertThat(((Node) node.namedModules().get(owner)).weight).isSameAs(parameter);
            });
  }
}
