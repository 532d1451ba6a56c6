package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Times are told by a clock of the test's own. */
class LoadingAdviceTest {
  private static final long MILLI = 1_000_000;
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
    DataLoader loader = inline();
    BatchIterator batches = loader.iterator();
    while (batches.hasNext()) {
      batches.next();
      now.addAndGet(2 * MILLI); // The step.
    }

    assertThat(LoadingAdvice.of(loader, batches.times(), now.get(), PROCESSORS))
        .isEqualTo(
            "75 % of the time the loop waits for data: making a batch of DataLoader of"
                + " Counting.map(...) with 50 batches takes 6.00 ms, using it 2.00 ms. It has"
                + " workers(0); set workers(3).");
  }

  @Test
  void of_hardlyWaits_null() {
    assertThat(advice(0, new LoadTimes(100, 19 * MILLI, 19 * MILLI), 100 * MILLI)).isNull();
    assertThat(advice(0, new LoadTimes(100, 21 * MILLI, 21 * MILLI), 100 * MILLI)).isNotNull();
  }

  @Test
  void of_fewBatches_null() {
    assertThat(advice(0, new LoadTimes(19, 90 * MILLI, 90 * MILLI), 100 * MILLI)).isNull();
  }

  @Test
  void of_moreThanTheProcessors_suggestsThoseAndCheaperLoading() {
    assertThat(advice(2, new LoadTimes(100, 90 * MILLI, 200 * MILLI), 100 * MILLI))
        .endsWith(
            "It has workers(2); set workers(8), as many as there are processors, and make loading"
                + " cheaper: prepare the data once (DataBundle), or keep it in memory"
                + " (ArrayDataset.copyOf).");
  }

  @Test
  void of_workersEnough_saysThatMoreWouldNotHelp() {
    assertThat(advice(8, new LoadTimes(100, 90 * MILLI, 700 * MILLI), 100 * MILLI))
        .contains("It has workers(8), and more would not help on this machine; make loading");
  }
}
