package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.annotation.SaveHyperparameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuppressWarnings({
  "ClassCanBeStatic",
  "UnusedMethod",
  "UnusedVariable"
}) // Called by reflection only.
class ModuleFactoryTest {
  enum Kind {
    SMALL,
    LARGE
  }

  @SaveHyperparameters(ignore = "helper")
  static class Net extends FulgurModule {
    final List<Object> arguments;

    private Net(int hidden, double learningRate) {
      this.arguments = List.of(hidden, learningRate);
    }

    private Net(Kind kind, int[] sizes, List<Integer> more, Path path) {
      this.arguments = List.of(kind, Arrays.stream(sizes).boxed().toList(), more, path.toString());
    }

    private Net(int hidden, Thread helper) {
      this.arguments = List.of(hidden, helper);
    }

    private Net(String failure) throws IOException {
      throw new IOException(failure);
    }

    private Net(long number) {
      this.arguments = List.of("number", number);
    }

    private Net(boolean number) {
      this.arguments = List.of("truth", number);
    }
  }

  @Test
  void create_valuesOfOtherTypes_areConverted() {
    Net net =
        ModuleFactory.create(
            Net.class,
            Map.of("kind", "large", "sizes", List.of(1, 2), "more", List.of(3), "path", "a/b"));

    assertThat(net.arguments).containsExactly(Kind.LARGE, List.of(1, 2), List.of(3), "a/b");
    assertThat(net.hparams().asMap())
        .isEqualTo(
            Map.of("kind", "LARGE", "sizes", List.of(1L, 2L), "more", List.of(3L), "path", "a/b"));
  }

  @Test
  void create_valueThatNoFileHolds_isPassedOn() {
    Thread helper = new Thread();

    Net net = ModuleFactory.create(Net.class, Map.of("hidden", 1, "helper", helper));

    assertThat(net.arguments).containsExactly(1, helper);
    assertThat(net.hparams().asMap()).isEqualTo(Map.of("hidden", 1L));
  }

  @Test
  void create_overloads_takesTheOneThatFits() {
    assertThat(ModuleFactory.create(Net.class, Map.of("number", 4)).arguments)
        .containsExactly("number", 4L);
    assertThat(ModuleFactory.create(Net.class, Map.of("number", true)).arguments)
        .containsExactly("truth", true);
  }

  @Test
  void create_unknownName_listsTheConstructors() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("hidden", 1);
    arguments.put("learning_rate", 0.1);

    assertThatThrownBy(() -> ModuleFactory.create(Net.class, arguments))
        .hasMessage(
            """
            [NoSuchConstructor] ModuleFactoryTest.Net has no constructor that takes exactly %s. It has:
               ModuleFactoryTest.Net(Kind kind, int[] sizes, List<Integer> more, Path path); not given: kind, sizes, more, path; not taken: %s
               ModuleFactoryTest.Net(String failure); not given: failure; not taken: %s
               ModuleFactoryTest.Net(boolean number); not given: number; not taken: %s
               ModuleFactoryTest.Net(int hidden, Thread helper); not given: helper; not taken: learning_rate
               ModuleFactoryTest.Net(int hidden, double learningRate); not given: learningRate; not taken: learning_rate
               ModuleFactoryTest.Net(long number); not given: number; not taken: %s"""
                .replace("exactly %s", "exactly (hidden, learning_rate)")
                .replace("%s", "hidden, learning_rate"));
  }

  @Test
  void create_valueDoesNotFit_saysWhichAndWhy() {
    assertThatThrownBy(
            () -> ModuleFactory.create(Net.class, Map.of("hidden", 1.5, "learningRate", "fast")))
        .hasMessageContaining("Net(int hidden, double learningRate)")
        .hasMessageContaining("\"hidden\"")
        .hasMessageContaining("\"learningRate\"");
  }

  @Test
  void create_nullForAPrimitive_isAnError() {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("hidden", null);
    arguments.put("learningRate", 0.1);

    assertThatThrownBy(() -> ModuleFactory.create(Net.class, arguments))
        .hasMessageContaining("\"hidden\" is null");
  }

  @Test
  void create_unsupportedValueOfWrongType_isAnError() {
    assertThatThrownBy(
            () -> ModuleFactory.create(Net.class, Map.of("hidden", 1, "helper", new Object())))
        .hasMessageContaining("[WrongArgument]")
        .hasMessageContaining("argument \"helper\" is of type java.lang.Object");
  }

  @Test
  void create_constructorThrowsChecked_comesOutAsItIs() {
    assertThatThrownBy(() -> ModuleFactory.create(Net.class, Map.of("failure", "mine")))
        .isInstanceOf(IOException.class)
        .hasMessage("mine");
  }

  abstract static class Abstract extends FulgurModule {}

  class Inner extends FulgurModule {}

  @Test
  void create_classThatCannotBeMade_saysWhy() {
    assertThatThrownBy(() -> ModuleFactory.create(Abstract.class, Map.of()))
        .hasMessageContaining("it is abstract");
    assertThatThrownBy(() -> ModuleFactory.create(Inner.class, Map.of()))
        .hasMessageContaining("it is an inner class");
  }
}
