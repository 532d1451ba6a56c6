package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TensorHygiene.class)
class BatchTest {
  @Test
  void toBatch_everyType_tensorsOfEqualTypeShapeAndValues() {
    Map<String, HostArray> values = new LinkedHashMap<>();
    values.put("f32", HostArray.of(new float[] {1, 2, 3, 4}, 2, 2));
    values.put("f64", HostArray.of(new double[] {.1, .2}));
    values.put("i64", HostArray.of(new long[] {1L << 40, -1}));
    values.put("i32", HostArray.of(new int[] {5, -6}));
    values.put("u8", HostArray.of(new byte[] {(byte) 200, 7}));
    values.put("bool", HostArray.of(new boolean[] {true, false}));

    Batch batch = HostBatch.of(2, values).toBatch();

    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.names()).containsExactlyElementsOf(values.keySet());
    values.forEach(
        (name, array) -> {
          assertThat(batch.get(name).dtype()).isEqualTo(array.dtype());
          assertThat(batch.get(name).shape()).isEqualTo(array.shape());
          assertThat(batch.get(name).toDoubleArray()).containsExactly(array.toDoubleArray());
        });
  }

  @Test
  void toBatch_recycledAndOverwritten_tensorsKeepTheirValues() {
    DataLoader loader = DataLoader.builder(TestDatasets.counting(4)).batchSize(2).build();
    BatchIterator batches = loader.iterator();
    try (StepScope scope = StepScope.open("test")) {
      HostBatch first = batches.next();
      Batch tensors = first.toBatch();
      first.recycle();
      batches.next();

      assertThat(tensors.get("x").toLongArray()).containsExactly(0, 1);
      assertThatThrownBy(first::toBatch)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("recycle()");
    }
    batches.close();
  }

  @Test
  void of_tensors_byName() {
    Tensor image = Tensor.zeros(DType.F32, 2, 3);
    Tensor label = Tensor.zeros(DType.I64, 2);
    Batch batch = Batch.of("image", image, "label", label);

    assertThat(batch.get("image")).isSameAs(image);
    assertThat(batch.contains("label")).isTrue();
    assertThat(batch.contains("mask")).isFalse();
    assertThat(batch.tensors()).containsEntry("label", label);
    assertThat(batch.with("label", image).get("label")).isSameAs(image);
    assertThat(batch.get("label")).isSameAs(label);
    assertThat(batch).hasToString("Batch of 2 [image, label]");
  }

  @Test
  void get_misspelledName_listsNamesAndSuggests() {
    Batch batch = Batch.of("image", Tensor.zeros(2), "label", Tensor.zeros(2));

    assertThatThrownBy(() -> batch.get("Images"))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.UNKNOWN_NAME))
        .hasMessage(
            "[UnknownName] Batch has no \"Images\". It has: image, label. Did you mean \"image\"?");
  }

  @Test
  void of_differentNumbersOfSamples_saysWhich() {
    Tensor two = Tensor.zeros(2, 3);
    Tensor three = Tensor.zeros(3);

    assertThatThrownBy(() -> Batch.of("image", two, "label", three))
        .hasMessageContaining("\"label\" has shape [3], so 3 samples, but the batch has 2");
    assertThatThrownBy(() -> Batch.of("loss", Tensor.scalar(1)))
        .hasMessageContaining("\"loss\" is a scalar");
    assertThatThrownBy(() -> Batch.of(Map.of())).hasMessageContaining("no tensors");
  }

  @Test
  void of_givenSize_anyShapes() {
    Batch graphs = Batch.of(4, Map.of("edges", Tensor.zeros(2, 9)));

    assertThat(graphs.size()).isEqualTo(4);
    assertThatThrownBy(() -> Batch.of(0, Map.of())).hasMessageContaining("0 samples");
  }
}
