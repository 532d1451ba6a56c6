package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@SuppressWarnings("unused")
class ModuleDiscoveryTest {
  private static Parameter parameter() {
    return Parameter.of(Tensor.zeros(1));
  }

  private static Buffer buffer() {
    return Buffer.of(Tensor.zeros(1));
  }

  private static class Leaf extends Module {
    private final Parameter weight = parameter();
  }

  private static final class Everything extends Module {
    private static final Leaf STATIC = new Leaf();

    private final Leaf child = new Leaf();
    private final Parameter own = parameter();
    private final Buffer mean = buffer();
    private final Leaf[] array = {new Leaf(), null, new Leaf()};
    private final List<Parameter> list = List.of(parameter(), parameter());
    private final Map<String, Module> map = new LinkedHashMap<>();
    private final Object object = new Leaf();
    private final List<Map<String, Leaf[]>> nested = List.of(Map.of("k", new Leaf[] {new Leaf()}));
    private final transient Leaf referred = new Leaf();
    private final Tensor tensor = Tensor.zeros(1);
    private final int[] numbers = {1, 2};
    private final List<String> words = List.of("a");
    private final Leaf absent = null;

    Everything() {
      map.put("z", new Leaf());
      map.put("a", new Leaf());
    }
  }

  @Test
  void parameters_ofAllKindsOfFields_areFoundInOrder() {
    assertThat(new Everything().namedParameters().keySet())
        .containsExactly(
            "own",
            "list.0",
            "list.1",
            "child.weight",
            "array.0.weight",
            "array.2.weight",
            "map.z.weight",
            "map.a.weight",
            "object.weight",
            "nested.0.k.0.weight");
  }

  @Test
  void buffers_areFoundAndStandAmongTheParametersOfTheirModule() {
    Everything module = new Everything();
    assertThat(module.namedBuffers().keySet()).containsExactly("mean");
    assertThat(module.stateDict().keySet())
        .startsWith("own", "mean", "list.0", "list.1", "child.weight");
  }

  @Test
  void modules_areNamedByTheirPath() {
    Everything module = new Everything();
    assertThat(module.namedModules().keySet())
        .containsExactly(
            "", "child", "array.0", "array.2", "map.z", "map.a", "object", "nested.0.k.0");
    assertThat(module.namedModules().get("")).isSameAs(module);
    assertThat(module.namedChildren().keySet())
        .containsExactly("child", "array.0", "array.2", "map.z", "map.a", "object", "nested.0.k.0");
  }

  private static class Base extends Module {
    private final Parameter first = parameter();
  }

  private static final class Derived extends Base {
    private final Parameter second = parameter();
  }

  @Test
  void parameters_ofSuperclasses_comeFirst() {
    assertThat(new Derived().namedParameters().keySet()).containsExactly("first", "second");
  }

  private static final class Hidden extends Leaf {
    private final Parameter weight = parameter();
  }

  @Test
  void parameters_ofOneName_areRefused() {
    assertThatThrownBy(new Hidden()::parameters)
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[ModuleStructure] ModuleDiscoveryTest.Leaf.weight and"
                + " ModuleDiscoveryTest.Hidden.weight are both named \"weight\". Rename one of the"
                + " fields or keys.");
  }

  private static final class Tied extends Module {
    private final Leaf encoder = new Leaf();
    private final Leaf again = encoder;
    private final Parameter decoder = encoder.weight;
  }

  @Test
  void parameters_thatAreShared_countOnceUnderTheFirstName() {
    Tied tied = new Tied();
    assertThat(tied.namedParameters().keySet()).containsExactly("decoder");
    assertThat(tied.parameters()).containsExactly(tied.encoder.weight);
    assertThat(tied.namedModules().keySet()).containsExactly("", "encoder");
    assertThat(tied.stateDict().keySet()).containsExactly("decoder");
  }

  private static final class Cyclic extends Module {
    private final Parameter weight = parameter();
    private final List<Object> list = new ArrayList<>();
    private Module other = this;
  }

  @Test
  void parameters_ofCyclicStructures_areFoundOnce() {
    Cyclic a = new Cyclic();
    Cyclic b = new Cyclic();
    a.other = b;
    b.other = a;
    a.list.add(a.list);
    a.list.add(b);
    assertThat(a.namedParameters().keySet()).containsExactly("weight", "list.1.weight");
  }

  private static final class Mapped extends Module {
    private final Map<String, Leaf> heads = new HashMap<>();
  }

  @Test
  void parameters_inMapsWithoutOrder_goByTheirKeys() {
    Mapped mapped = new Mapped();
    for (String key : List.of("zeta", "alpha", "mid", "beta")) {
      mapped.heads.put(key, new Leaf());
    }
    assertThat(mapped.namedChildren().keySet())
        .containsExactly("heads.alpha", "heads.beta", "heads.mid", "heads.zeta");
  }

  private static final class InSet extends Module {
    private final Set<Leaf> leaves = Set.of(new Leaf());
  }

  @Test
  void modules_inSet_areRefusedRatherThanMissed() {
    assertThatThrownBy(new InSet()::parameters)
        .isInstanceOf(FulgurException.class)
        .hasMessageStartingWith(
            "[ModuleStructure] ModuleDiscoveryTest.InSet.leaves holds modules, parameters or"
                + " buffers in a ")
        .hasMessageEndingWith(
            ", which gives them no names. Use a List, a Map or an array, or mark the field"
                + " transient if they belong to another module.");
  }

  private static final class KeyedByObjects extends Module {
    private final Map<Object, Leaf> map = new HashMap<>();
  }

  @Test
  void modules_underKeysThatReadAlike_areRefused() {
    KeyedByObjects module = new KeyedByObjects();
    module.map.put(1, new Leaf());
    module.map.put("1", new Leaf());
    assertThatThrownBy(module::parameters)
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("KeyedByObjects.map has two keys that read \"1\"");
  }

  private final long size = 3;

  private final class Inner extends Module {
    private final Parameter weight = Parameter.of(Tensor.zeros(size));
  }

  @Test
  void parameters_ofInnerAndAnonymousClasses_areFound() {
    assertThat(new Inner().namedParameters().keySet()).containsExactly("weight");
    Leaf captured = new Leaf();
    Module anonymous =
        new Module() {
          @Override
          public Tensor forward(Tensor input) {
            return input.mul(captured.weight);
          }
        };
    assertThat(anonymous.namedParameters().keySet()).containsExactly("captured.weight");
  }

  @Test
  void fields_assignedLater_areFound() {
    Cyclic module = new Cyclic();
    assertThat(module.parameters()).hasSize(1);
    module.list.add(new Leaf());
    assertThat(module.parameters()).hasSize(2);
  }

  @Test
  void containers_nameTheirLayersByIndex() {
    Module net =
        new Sequential(
            new Linear(2, 3),
            new Sequential(new ReLU(), new Linear(3, 1, /* bias= */ false)),
            new ModuleList<>(new Leaf(), new Leaf()));
    assertThat(net.namedParameters().keySet())
        .containsExactly("0.weight", "0.bias", "1.1.weight", "2.0.weight", "2.1.weight");
  }

  @Test
  void moduleList_isAListOfModules() {
    Leaf first = new Leaf();
    Leaf second = new Leaf();
    ModuleList<Leaf> list = new ModuleList<>(List.of(first));
    list.add(second);
    assertThat(list).containsExactly(first, second);
    assertThat(list.size()).isEqualTo(2);
    assertThat(list.get(1)).isSameAs(second);
    assertThat(list.parameters()).containsExactly(first.weight, second.weight);
  }

  /** What a module may hold beside its parts. */
  private static class Gauge {}

  private static final class Better extends Gauge {}

  private static class Measured extends Module {
    private final Gauge gauge = new Gauge();
    private final List<Object> mixed = List.of("a", new Better(), gauge);
    private final transient Gauge referred = new Gauge();
  }

  private static final class Outer extends Module {
    private final Measured inner = new Measured();
    private final Map<String, Gauge> gauges = Map.of("b", new Gauge(), "a", new Gauge());
  }

  @Test
  void namedMembers_ofAClass_areFoundOnceByTheirPath() {
    Outer outer = new Outer();

    assertThat(outer.namedMembers(Gauge.class).keySet())
        .containsExactly("gauges.a", "gauges.b", "inner.gauge", "inner.mixed.1");
    assertThat(outer.namedMembers(Gauge.class)).containsEntry("inner.gauge", outer.inner.gauge);
    assertThat(outer.namedMembers(Better.class).keySet()).containsExactly("inner.mixed.1");
  }

  private static final class GaugesInSet extends Module {
    private final Set<Gauge> gauges = Set.of(new Gauge());
  }

  @Test
  void namedMembers_inASet_isAnError() {
    GaugesInSet module = new GaugesInSet();

    assertThat(module.parameters()).isEmpty();
    assertThatThrownBy(() -> module.namedMembers(Gauge.class))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("GaugesInSet.gauges holds Gauge objects in a ");
  }

  @Test
  void forward_notOverridden_saysSo() {
    assertThatThrownBy(() -> new Leaf().forward(Tensor.zeros(1)))
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[MissingForward] ModuleDiscoveryTest.Leaf has no forward(Tensor). Override it, or call"
                + " the method that the class offers in its place.");
  }
}
