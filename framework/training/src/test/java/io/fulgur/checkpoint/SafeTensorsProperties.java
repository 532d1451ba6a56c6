package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What is written is what is read, whatever types, shapes, names and texts. */
class SafeTensorsProperties {
  record Spec(String name, DType dtype, List<Long> shape, long seed) {
    Tensor make() {
      return TensorContents.random(
          dtype, new Random(seed), shape.stream().mapToLong(Long::longValue).toArray());
    }
  }

  @Provide
  Arbitrary<Spec> specs() {
    return Combinators.combine(
            Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(SafeTensorsProperties::isText),
            Arbitraries.of(DType.class),
            Arbitraries.longs().between(0, 4).list().ofMaxSize(4),
            Arbitraries.longs())
        .as(Spec::new);
  }

  @Provide
  Arbitrary<Map<String, String>> metadata() {
    Arbitrary<String> texts =
        Arbitraries.strings().ofMaxLength(20).filter(SafeTensorsProperties::isText);
    return Arbitraries.maps(texts, texts).ofMaxSize(4);
  }

  /** A lone surrogate is not text: UTF-8 cannot say it. */
  private static boolean isText(String text) {
    return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void read_whatWasWritten_isEqual(
      @ForAll("specs") Spec first,
      @ForAll @Size(max = 5) List<@From("specs") Spec> more,
      @ForAll("metadata") Map<String, String> metadata)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(first.name(), first.make());
    more.forEach(spec -> tensors.put(spec.name(), spec.make()));
    Path file = Files.createTempFile("round-trip", ".safetensors");
    try {
      SafeTensorsWriter.write(file, tensors, metadata);
      try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
        assertThat(reader.metadata()).containsAllEntriesOf(metadata);
        assertThat(reader.entries().keySet()).hasSameElementsAs(tensors.keySet());
        tensors.forEach((name, tensor) -> assertEqual(reader.read(name), tensor));
      }
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 20)
  void write_viewThatIsNotContiguous_writesItsElements(@ForAll long seed) throws IOException {
    Tensor matrix = TensorContents.random(DType.I32, new Random(seed), 3, 5);
    Tensor view = matrix.transpose(0, 1).slice(0, 1, 4);
    Path file = Files.createTempFile("view", ".safetensors");
    try {
      SafeTensorsWriter.write(file, Map.of("view", view), Map.of());
      try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
        assertThat(reader.read("view").shape()).isEqualTo(Shape.of(3, 3));
        assertThat(reader.read("view").toLongArray()).isEqualTo(view.toLongArray());
      }
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 5)
  void read_insideAStepScope_givesATensorThatOutlivesIt(@ForAll long seed) throws IOException {
    Tensor original = TensorContents.random(DType.F32, new Random(seed), 7);
    Path file = Files.createTempFile("scope", ".safetensors");
    Tensor read;
    try {
      try (StepScope scope = StepScope.open("save and load")) {
        assertThat(scope).isNotNull();
        SafeTensorsWriter.write(file, Map.of("x", original.slice(0, 0, 7)), Map.of());
        try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
          read = reader.read("x");
        }
      }
    } finally {
      Files.delete(file);
    }
    assertEqual(read, original);
  }

  private static void assertEqual(Tensor actual, Tensor expected) {
    assertThat(actual.dtype()).isEqualTo(expected.dtype());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(TensorContents.bytes(actual)).isEqualTo(TensorContents.bytes(expected));
  }
}
