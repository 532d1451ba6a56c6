package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleTest {
  private final Sample sample = Sample.of("image", new float[6], 2, 3).with("label", 3);

  @Test
  void with_plainJavaNumbers_typesOfTheirOwn() {
    Sample numbers =
        Sample.of("integer", 3)
            .with("float", .5f)
            .with("double", .5)
            .with("truth", true)
            .with("vector", new float[] {1, 2});

    assertThat(numbers.values().values())
        .extracting(HostArray::dtype)
        .containsExactly(DType.I64, DType.F32, DType.F64, DType.BOOL, DType.F32);
    assertThat(numbers.get("float").get(0)).isEqualTo(.5);
    assertThat(numbers.get("truth").booleans()).containsExactly(true);
  }

  @Test
  void with_knownName_replacedInItsPlaceInACopy() {
    Sample changed = sample.with("image", 1);

    assertThat(changed.names()).containsExactly("image", "label");
    assertThat(changed.get("image").dtype()).isEqualTo(DType.I64);
    assertThat(sample.get("image").dtype()).isEqualTo(DType.F32);
    assertThat(changed).isNotEqualTo(sample);
  }

  @Test
  void of_map_laterChangesAreNotSeen() {
    Map<String, HostArray> values = new LinkedHashMap<>(sample.values());
    Sample copy = Sample.of(values);
    values.clear();

    assertThat(copy).isEqualTo(sample).hasSameHashCodeAs(sample);
    assertThat(copy.contains("label")).isTrue();
    assertThat(copy.contains("mask")).isFalse();
    assertThat(copy).hasToString("{image=F32[2, 3], label=I64[]}");
  }
}
