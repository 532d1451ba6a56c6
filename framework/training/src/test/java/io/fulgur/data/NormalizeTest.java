package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NormalizeTest {
  /** Two samples of two channels of two elements. */
  private final ArrayDataset dataset =
      ArrayDataset.of("x", HostArray.of(new float[] {1, 2, 10, 10, 3, 2, 10, 30}, 2, 2, 2));

  @Test
  void fit_perFeature_meanAndPopulationDeviationOfEachElement() {
    Normalize normalize = Normalize.fit(dataset, "x");

    assertThat(normalize.mean()).containsExactly(2, 2, 10, 20);
    assertThat(normalize.standardDeviation()).containsExactly(1, 0, 0, 10);
    assertThat(normalize.apply(dataset.get(0)))
        .isEqualTo(Sample.of("x", new float[] {-1, 0, 0, -1}, 2, 2));
  }

  @Test
  void fit_perChannel_overAllOtherDimensions() {
    Normalize first = Normalize.fit(dataset, "x", 0);
    Normalize last = Normalize.fit(dataset, "x", -1);

    assertThat(first.mean()).containsExactly(2, 15);
    assertThat(first.standardDeviation())
        .containsExactly(new double[] {Math.sqrt(.5), Math.sqrt(75)}, within(1e-12));
    assertThat(last.mean()).containsExactly(6, 11);
    assertThat(last.apply(dataset.get(0)).get("x").toDoubleArray())
        .containsExactly(
            new double[] {
              -5 / last.standardDeviation()[0],
              -9 / last.standardDeviation()[1],
              4 / last.standardDeviation()[0],
              -1 / last.standardDeviation()[1]
            },
            within(1e-6));
  }

  @Test
  void apply_constantFeature_shiftedOnly() {
    Normalize normalize = Normalize.fit(dataset, "x");

    assertThat(normalize.apply(Sample.of("x", new float[] {2, 5, 10, 20}, 2, 2)).get("x").floats())
        .containsExactly(0, 3, 0, 0);
  }

  @Test
  void apply_otherTypes_floatsUnlessDoubles() {
    Normalize normalize = Normalize.of("x", new double[] {100}, new double[] {50});

    assertThat(normalize.apply(Sample.of("x", HostArray.of(new byte[] {(byte) 200}))).get("x"))
        .isEqualTo(HostArray.of(new float[] {2}));
    assertThat(normalize.apply(Sample.of("x", HostArray.of(new double[] {0}))).get("x").dtype())
        .isEqualTo(DType.F64);
  }

  @Test
  void apply_givenSample_staysAsItIs() {
    Sample sample = dataset.get(0);

    Normalize.fit(dataset, "x").apply(sample);

    assertThat(sample).isEqualTo(dataset.get(0));
  }

  @Test
  void fit_truthValues_shapeMismatch() {
    Dataset truth = ArrayDataset.of("x", HostArray.of(new boolean[] {true}, 1, 1));

    assertThatThrownBy(() -> Normalize.fit(truth, "x")).hasMessageContaining("BOOL[1]");
  }

  @Test
  void fromState_throughJson_equalStatistics() throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    for (Normalize normalize :
        new Normalize[] {Normalize.fit(dataset, "x"), Normalize.fit(dataset, "x", 1)}) {
      String text = json.writeValueAsString(normalize.state());

      Normalize restored =
          Normalize.fromState(json.readValue(text, new TypeReference<Map<String, Object>>() {}));

      assertThat(restored.state()).isEqualTo(normalize.state());
      assertThat(restored.apply(dataset.get(1))).isEqualTo(normalize.apply(dataset.get(1)));
      assertThat(restored).hasToString(normalize.toString());
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void fit_anyNumbers_resultHasMean0AndDeviation1(
      @ForAll @Size(min = 2, max = 50) List<@DoubleRange(min = -100, max = 100) Double> values,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double offset) {
    double[] shifted = values.stream().mapToDouble(v -> v + offset).toArray();
    Dataset numbers = ArrayDataset.of("x", HostArray.of(shifted, shifted.length, 1));
    Normalize normalize = Normalize.fit(numbers, "x");

    Normalize again = Normalize.fit(numbers.map(normalize), "x");

    boolean constant = Arrays.stream(shifted).distinct().count() == 1;
    if (constant || normalize.standardDeviation()[0] > 1e-3) {
      assertThat(again.mean()[0]).isCloseTo(0, within(1e-6));
      assertThat(again.standardDeviation()[0]).isCloseTo(constant ? 0 : 1, within(1e-6));
    }
  }
}
