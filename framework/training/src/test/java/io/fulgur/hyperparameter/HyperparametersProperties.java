package io.fulgur.hyperparameter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is written as JSON or YAML is what is read. */
class HyperparametersProperties {
  private static final String[] ODD_TEXTS = {
    "",
    " ",
    "null",
    "~",
    "true",
    "no",
    "1",
    "1e3",
    "0x10",
    "1_000",
    ".inf",
    "- a",
    "a: b",
    "#",
    "!!x",
    "{}",
    "[",
    "'",
    "\"",
    "\\",
    "a\nb\n",
    "\t",
    "2026-11-20",
    "=",
    "<<",
    "\u0085",
    "\u2028",
    "\uFEFF"
  };

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of(ODD_TEXTS),
        Arbitraries.strings().ascii().ofMaxLength(12),
        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12));
  }

  private static Arbitrary<Object> scalars() {
    return Arbitraries.oneOf(
        texts().map(Object.class::cast),
        Arbitraries.longs().map(Object.class::cast),
        Arbitraries.doubles().map(Object.class::cast),
        Arbitraries.of(1e10, 1e-10, 1e300, -0.0, 2.0, Double.MIN_VALUE).map(Object.class::cast),
        Arbitraries.of(true, false).map(Object.class::cast));
  }

  @Provide
  Arbitrary<Map<String, Object>> values() {
    Arbitrary<Object> nested =
        Arbitraries.oneOf(
            scalars(),
            scalars().list().ofMaxSize(3).map(Object.class::cast),
            Arbitraries.maps(texts(), scalars()).ofMaxSize(3).map(Object.class::cast));
    return Arbitraries.maps(texts(), nested).ofMaxSize(5);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void fromYaml_ofToYaml_isEqual(@ForAll("values") Map<String, Object> values) {
    Hyperparameters original = Hyperparameters.of(values);
    assertThat(Hyperparameters.fromYaml(original.toYaml(), "test")).isEqualTo(original);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void fromJson_ofToJson_isEqual(@ForAll("values") Map<String, Object> values) {
    Hyperparameters original = Hyperparameters.of(values);
    assertThat(Hyperparameters.fromJson(original.toJson())).isEqualTo(original);
  }
}
