package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Times are told by a clock of the test's own. */
class LoadingAdviceTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final int PROCESSORS = 8;

  private final AtomicLong now = new AtomicLong();

  /** Samples that take 3 ms each. */
  private final Dataset slow =
      new TestDatasets.Counting(100)
          .map(
              sample -> {
                now.addAndGet(3 * MILLI);
                return sample;
              });

  private DataLoader inline() {
    return DataLoader.builder(slow).batchSize(2).clock(now::get).build();
  }

  private static String advice(int workers, LoadTimes times, long elapsedNanos) {
    DataLoaderBuilder options = DataLoader.builder(TestDatasets.counting(8));
    return LoadingAdvice.of(
        (workers == 0 ? options : options.workers(workers)).build(),
        times,
        elapsedNanos,
        PROCESSORS);
  }

  @Test
  void times_inline_areWhatMakingTook() {
    BatchIterator batches = inline().iterator();
    batches.next();
    LoadTimes one = batches.times();
    batches.next();

    assertThat(one).isEqualTo(new LoadTimes(1, 6 * MILLI, 6 * MILLI));
    assertThat(batches.times().since(one)).isEqualTo(one);
    assertThat(one.plus(one)).isEqualTo(batches.times());
  }

  @Test
  void times_workers_loadedByThemAndWaitedForByTheReader() {
    AtomicLong asked = new AtomicLong();
    Dataset quick =
        new TestDatasets.Counting(4)
            .map(
                sample -> {
                  asked.incrementAndGet();
                  return sample;
                });
    // Each look at this clock takes a millisecond, so every measured interval has some.
    DataLoader loader =
        DataLoader.builder(quick).workers(1).clock(() -> now.addAndGet(MILLI)).build();
    BatchIterator batches = loader.iterator();
    batches.forEachRemaining(batch -> {});

    assertThat(batches.times().batches()).isEqualTo(4);
    assertThat(batches.times().loadedNanos()).isGreaterThanOrEqualTo(4 * 2 * MILLI);
    assertThat(batches.times().waitedNanos()).isGreaterThanOrEqualTo(0);
    assertThat(asked).hasValue(4);
  }

  @Test
  void of_loadingTakesMostOfTheTime_suggestsWhatKeepsUp() {
    Dataset samples =
        new TestDatasets.Counting(100)
            .map(
                sample -> {
                  now.addAndGet(30 * MILLI);
                  return sample;
                });
    DataLoader loader = DataLoader.builder(samples).batchSize(2).clock(now::get).build();
    BatchIterator batches = loader.iterator();
    while (batches.hasNext()) {
      batches.next();
      now.addAndGet(20 * MILLI); // The step.
    }

    assertThat(LoadingAdvice.of(loader, batches.times(), now.get(), PROCESSORS))
        .isEqualTo(
            "The loop has waited 3.0 s for data, 75 % of its time: making a batch of DataLoader of"
                + " Counting.map(...) with 50 batches takes 60.00 ms, using it 20.00 ms. It has"
                + " workers(0); set workers(3).");
  }

  @Test
  void of_hardlyWaits_null() {
    assertThat(advice(0, new LoadTimes(100, 19 * SECOND, 19 * SECOND), 100 * SECOND)).isNull();
    assertThat(advice(0, new LoadTimes(100, 21 * SECOND, 21 * SECOND), 100 * SECOND)).isNotNull();
  }

  @Test
  void of_lessThanASecondWaited_null() {
    assertThat(advice(0, new LoadTimes(100, SECOND - 1, SECOND), 2 * SECOND)).isNull();
    assertThat(advice(0, new LoadTimes(100, SECOND, SECOND), 2 * SECOND)).isNotNull();
  }

  @Test
  void of_fewBatches_null() {
    assertThat(advice(0, new LoadTimes(19, 90 * SECOND, 90 * SECOND), 100 * SECOND)).isNull();
  }

  @Test
  void of_moreThanTheProcessors_suggestsThoseAndCheaperLoading() {
    assertThat(advice(2, new LoadTimes(100, 90 * SECOND, 200 * SECOND), 100 * SECOND))
        .endsWith(
            "It has workers(2); set workers(8), as many as there are processors, and make loading"
                + " cheaper: prepare the data once (DataBundle), or keep it in memory"
                + " (ArrayDataset.copyOf).");
  }

  @Test
  void of_workersEnough_saysThatMoreWouldNotHelp() {
    assertThat(advice(8, new LoadTimes(100, 90 * SECOND, 700 * SECOND), 100 * SECOND))
        .contains("It has workers(8), and more would not help on this machine; make loading");
  }
}
