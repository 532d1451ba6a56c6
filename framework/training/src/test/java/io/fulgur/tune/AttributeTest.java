package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.data.DataModule;
import io.fulgur.module.ModuleFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuppressWarnings("UnusedVariable") // Read by reflection.
class AttributeTest {
  static class WithField {
    private double learningRate = 0.1;
    private int batchSize = 8;
    private final long limit = 3;
    private float lr = 0.5f;
  }

  static final class Inherited extends WithField {}

  static final class WithSetter {
    private double learningRate = 0.1;
    private int calls;

    void learningRate(double value) {
      learningRate = value;
      calls++;
    }
  }

  static final class WithBeanSetter {
    private final int[] size = {4};
    private final int batchSize = 4;

    void setBatchSize(int value) {
      size[0] = value;
    }
  }

  @SaveHyperparameters
  static final class Data extends DataModule {
    private int batchSize;

    Data(int batchSize, String path) {
      this.batchSize = batchSize;
    }
  }

  private static Attribute find(Object owner, String... names) {
    return Attribute.find("Test", List.of(owner), List.of(names));
  }

  @Test
  void set_field_ofEachType_isChanged() {
    WithField object = new WithField();
    find(object, "learningRate").set(0.25);
    find(object, "batchSize").set(32);
    find(object, "lr").set(0.75);

    assertThat(object.learningRate).isEqualTo(0.25);
    assertThat(object.batchSize).isEqualTo(32);
    assertThat(object.lr).isEqualTo(0.75f);
    assertThat(find(object, "batchSize").get()).isEqualTo(32);
  }

  @Test
  void find_inheritedField_isFound() {
    Inherited object = new Inherited();
    Attribute attribute = find(object, "learningRate");
    attribute.set(0.5);

    assertThat(attribute.get()).isEqualTo(0.5);
    assertThat(attribute).hasToString("Inherited.learningRate");
  }

  @Test
  void find_severalNamesAndOwners_takesTheFirstThatHasOne() {
    WithField object = new WithField();

    assertThat(find(object, "missing", "lr")).hasToString("WithField.lr");
    assertThat(Attribute.find("Test", List.of("text", object), List.of("batchSize")))
        .hasToString("WithField.batchSize");
  }

  @Test
  void set_setter_isCalledInsteadOfTheField() {
    WithSetter object = new WithSetter();
    Attribute attribute = find(object, "learningRate");
    attribute.set(0.3);

    assertThat(object.calls).isEqualTo(1);
    assertThat(attribute.get()).isEqualTo(0.3);

    WithBeanSetter bean = new WithBeanSetter();
    find(bean, "batchSize").set(9);
    assertThat(bean.size[0]).isEqualTo(9);
  }

  @Test
  void set_savedHyperparameter_follows() {
    Data data = ModuleFactory.create(Data.class, Map.of("batchSize", 4, "path", "here"));
    find(data, "batchSize").set(64);

    assertThat(data.batchSize).isEqualTo(64);
    assertThat(data.hyperparameters().asMap()).isEqualTo(Map.of("batchSize", 64L, "path", "here"));
  }
}
