package io.fulgur.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tune.BatchSizeSearch.Attempt;
import io.fulgur.tune.BatchSizeTrial.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizeSearchTest {
  /** Searches where so many samples fit into memory and there are so many of them. */
  private static BatchSizeResult search(BatchSizeFinderBuilder options, int memory, int samples) {
    return new BatchSizeSearch(
            options,
            size -> {
              int batch = Math.min(size, samples);
              Outcome outcome = batch < size ? Outcome.ALL_SAMPLES : Outcome.FITS;
              return new Attempt(batch > memory ? Outcome.OUT_OF_MEMORY : outcome, batch);
            })
        .run();
  }

  private static List<Integer> sizes(BatchSizeResult result) {
    return result.trials().stream().map(BatchSizeTrial::batchSize).toList();
  }

  private static BatchSizeFinderBuilder options(BatchSizeMode mode) {
    return BatchSizeFinder.builder().mode(mode);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,2", "7,4", "8,8", "100,64", "100000,8192"})
  void power_anyMemory_findsTheLargestPowerOfTwo(int memory, int expected) {
    assertThat(search(options(BatchSizeMode.POWER), memory, 1 << 20).batchSize())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,3", "7,7", "8,8", "100,100", "4095,4095", "100000,8192"})
  void binsearch_anyMemory_findsTheLargestOfAll(int memory, int expected) {
    BatchSizeFinderBuilder options = options(BatchSizeMode.BINSEARCH).margin(0);

    assertThat(search(options, memory, 1 << 20).batchSize()).isEqualTo(expected);
  }

  @Test
  void binsearch_default_leavesAMarginBelowTheLimit() {
    BatchSizeResult result = search(options(BatchSizeMode.BINSEARCH), 100, 1 << 20);

    assertThat(result.batchSize()).isEqualTo(95);
    assertThat(sizes(result))
        .containsExactly(2, 4, 8, 16, 32, 64, 128, 96, 112, 104, 100, 102, 101);
  }

  @ParameterizedTest
  @CsvSource({"POWER,50,50", "BINSEARCH,50,50", "POWER,64,64", "POWER,1,1"})
  void search_fewerSamplesThanABatch_endsWithAll(BatchSizeMode mode, int samples, int expected) {
    BatchSizeResult result = search(options(mode), 1 << 20, samples);

    assertThat(result.batchSize()).isEqualTo(expected);
    assertThat(result.trials().get(result.trials().size() - 1).outcome())
        .isEqualTo(Outcome.ALL_SAMPLES);
  }

  @Test
  void search_firstDoesNotFit_goesDownAndNotUpAgain() {
    BatchSizeResult result = search(options(BatchSizeMode.POWER).initVal(64), 20, 1 << 20);

    assertThat(sizes(result)).containsExactly(64, 32, 16);
    assertThat(result.batchSize()).isEqualTo(16);
  }

  @Test
  void search_maxTrials_endsThere() {
    BatchSizeResult result = search(options(BatchSizeMode.POWER).maxTrials(4), 1 << 20, 1 << 20);

    assertThat(sizes(result)).containsExactly(2, 4, 8, 16);
    assertThat(result.batchSize()).isEqualTo(16);
  }

  @Test
  void search_maxVal_isTriedAsTheLast() {
    BatchSizeResult result = search(options(BatchSizeMode.POWER).maxVal(11), 1 << 20, 1 << 20);

    assertThat(sizes(result)).containsExactly(2, 4, 8, 11);
    assertThat(result.batchSize()).isEqualTo(11);
  }
}
