package io.fulgur.benchmarks.contestant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenDataTest {
  private final TokenData data = new TokenData();

  @Test
  void targets_areTheInputsOnePlaceOn() {
    long[] inputs = data.inputs(7);
    long[] targets = data.targets(7);

    assertThat(inputs).hasSize(32 * 64);
    for (int i = 0; i < inputs.length - 1; i++) {
      if (i % 64 != 63) {
        assertThat(inputs[i + 1]).isEqualTo(targets[i]);
      }
    }
  }

  @Test
  void targets_followATableInSevenOfTenCases() {
    Map<Long, Map<Long, Integer>> counts = new HashMap<>();
    int all = 0;
    for (int batch = 0; batch < TokenData.BATCHES; batch++) {
      long[] inputs = data.inputs(batch);
      long[] targets = data.targets(batch);
      for (int i = 0; i < inputs.length; i++) {
        counts
            .computeIfAbsent(inputs[i], token -> new HashMap<>())
            .merge(targets[i], 1, Integer::sum);
        all++;
      }
    }
    int foretold =
        counts.values().stream()
            .mapToInt(
                next -> next.values().stream().mapToInt(Integer::intValue).max().orElseThrow())
            .sum();
    assertThat((double) foretold / all).isCloseTo(0.7, within(0.02));
  }

  @Test
  void inputs_again_areTheSameForEveryContestant() {
    assertThat(new TokenData().inputs(255)).isEqualTo(data.inputs(255));
  }
}
