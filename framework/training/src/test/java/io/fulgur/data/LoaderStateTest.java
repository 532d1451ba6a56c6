package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.checkpoint.State;
import io.fulgur.data.StatefulSources.Counter;
import io.fulgur.data.StatefulSources.Growing;
import io.fulgur.data.StatefulSources.Round;
import io.fulgur.data.StatefulSources.Seekable;
import io.fulgur.data.StatefulSources.Stride;
import io.fulgur.data.StatefulSources.Topic;
import io.fulgur.data.TestDatasets.CountingStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loaders of data sets and samplers that have a state of their own. */
class LoaderStateTest {
  /** How many batches of each epoch are read; there are more. */
  private static final int LIMIT = 4;

  private static final int EPOCHS = 3;
  private static final RandomTransform NOISE =
      (sample, random) -> sample.with("noise", random.nextLong(1000));

  /** What is read. */
  enum Source {
    TOPIC,
    TOPIC_WITH_NOISE,
    TOPIC_SHUFFLED,
    TOPIC_SHUFFLED_WITH_NOISE,
    SEEKABLE,
    SEEKABLE_WITH_NOISE,
    SEEKABLE_SHUFFLED,
    STREAM_SHUFFLED,
    SAMPLER,
    SAMPLER_ITERATOR,
    DISTRIBUTED,
    BATCH_SAMPLER,
    DATASET,
    COMBINED,
    COMBINED_IN_SEQUENCE;

    /** Returns a loader of a source as it was at first. */
    DataLoader loader(int workers, long seed) {
      return switch (this) {
        case TOPIC -> loader(new Topic(), workers, seed);
        case TOPIC_WITH_NOISE -> loader(new Topic().augment(NOISE), workers, seed);
        case TOPIC_SHUFFLED -> loader(new Topic().shuffle(3), workers, seed);
        case TOPIC_SHUFFLED_WITH_NOISE ->
            loader(new Topic().augment(NOISE).shuffle(3).augment(NOISE), workers, seed);
        case SEEKABLE -> loader(new Seekable(9), workers, seed);
        case SEEKABLE_WITH_NOISE -> loader(new Seekable(9).augment(NOISE), workers, seed);
        case SEEKABLE_SHUFFLED -> loader(new Seekable(9).shuffle(3), workers, seed);
        case STREAM_SHUFFLED -> loader(new CountingStream(9).shuffle(3), workers, seed);
        case SAMPLER -> loader(samples().sampler(new Round()), workers, seed);
        case SAMPLER_ITERATOR -> loader(samples().sampler(new Stride()), workers, seed);
        case DISTRIBUTED ->
            loader(samples().sampler(Sampler.distributed(new Stride(), 2, 0)), workers, seed);
        case BATCH_SAMPLER ->
            samples().batchSampler(new Growing()).workers(workers).seed(seed).build();
        case DATASET ->
            loader(DataLoader.builder(new Counter().map(sample -> sample)), workers, seed);
        case COMBINED ->
            combined(CombinedMode.MAX_SIZE_CYCLE, workers)
                .add("b", loader(new Seekable(9).augment(NOISE), workers, 7))
                .seed(seed)
                .build();
        case COMBINED_IN_SEQUENCE -> combined(CombinedMode.SEQUENTIAL, workers).seed(seed).build();
      };
    }

    private static CombinedLoaderBuilder combined(CombinedMode mode, int workers) {
      return DataLoader.combine(mode)
          .add("a", samples().batchSize(12).shuffle(true).build())
          .add("c", DataLoader.builder(new Topic()).workers(workers).build());
    }

    private static DataLoaderBuilder samples() {
      return DataLoader.builder(new TestDatasets.Counting(23));
    }

    private static DataLoader loader(IterableDataset stream, int workers, long seed) {
      return loader(DataLoader.builder(stream), workers, seed);
    }

    private static DataLoader loader(DataLoaderBuilder options, int workers, long seed) {
      return options.batchSize(2).workers(workers).seed(seed).build();
    }
  }

  private static String text(HostBatch batch) {
    StringBuilder text = new StringBuilder();
    batch
        .values()
        .forEach((name, value) -> text.append(name).append(Arrays.toString(value.longs())));
    return text.append(Arrays.toString(batch.indices())).toString();
  }

  /** Reads batches as a training with a limit does; they are counted over all epochs. */
  private static List<String> read(DataLoader loader, int from, int to) {
    List<String> texts = new ArrayList<>();
    int count = from;
    while (count < to) {
      loader.epoch(count / LIMIT);
      try (BatchIterator batches = loader.iterator()) {
        do {
          texts.add(text(batches.next()));
          count++;
        } while (count % LIMIT != 0 && count < to);
      }
    }
    return texts;
  }

  static Stream<Arguments> runs() {
    return Arrays.stream(Source.values())
        .flatMap(
            source ->
                source == Source.DATASET
                    ? Stream.of(Arguments.of(source, 0, 0))
                    : Stream.of(
                        Arguments.of(source, 0, 0),
                        Arguments.of(source, 2, 2),
                        Arguments.of(source, 2, 0)));
  }

  /** Nothing is read ahead that a later epoch, or a run that goes on, would miss. */
  @ParameterizedTest
  @MethodSource("runs")
  void loadState_afterAnyBatch_goesOnAsTheUninterruptedRun(Source source, int before, int after) {
    List<String> whole = read(source.loader(0, 1), 0, EPOCHS * LIMIT);
    for (int stop = 0; stop <= EPOCHS * LIMIT; stop++) {
      DataLoader interrupted = source.loader(before, 1);
      assertThat(read(interrupted, 0, stop))
          .as("before %d", stop)
          .isEqualTo(whole.subList(0, stop));

      DataLoader resumed = source.loader(after, 99);
      resumed.loadState(interrupted.state());
      assertThat(read(resumed, stop, whole.size()))
          .as("after %d", stop)
          .isEqualTo(whole.subList(stop, whole.size()));
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void stateBefore_anyBatch_isServedAgain(Source source, int before, int after) {
    List<String> whole = read(source.loader(0, 1), 0, LIMIT);
    DataLoader loader = source.loader(before, 1);
    try (BatchIterator batches = loader.iterator()) {
      for (int i = 0; i < LIMIT; i++) {
        batches.next();
        DataLoader again = source.loader(after, 99);
        again.loadState(batches.stateBefore());

        assertThat(read(again, i, LIMIT)).as("batch %d", i).isEqualTo(whole.subList(i, LIMIT));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void stateOfNextEpoch_middleOfAnEpoch_isThatOfAnEpochThatWasLeftThere(
      Source source, int before, int after) {
    DataLoader left = source.loader(before, 1);
    State state;
    try (BatchIterator batches = left.iterator()) {
      batches.next();
      state = batches.stateOfNextEpoch();
    }
    DataLoader next = source.loader(after, 99);
    next.loadState(state);

    LoaderStates.assertAt(next, 1, 1, 0);
    assertThat(read(next, LIMIT, 2 * LIMIT)).isEqualTo(read(left, LIMIT, 2 * LIMIT));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void state_endOfAnEpoch_nextOneWithoutAPlace(int workers) {
    DataLoader loader = Source.SEEKABLE.loader(workers, 1);
    loader.forEach(batch -> {});

    LoaderStates.assertAt(loader, 1, 1, 0);
    assertThat(loader.state().hasChild("position")).isFalse();
  }

  /** As it is where nothing has a state: a loop may ask after every batch. */
  @Test
  void state_nothingIsStateful_countsOnly() {
    DataLoader loader = DataLoader.builder(TestDatasets.counting(8)).seed(5).build();
    BatchIterator batches = loader.iterator();
    batches.next();

    assertThat(batches.state())
        .hasToString(
            "State {\"kind\":\"a data set by"
                + " index\",\"seed\":5,\"epoch\":0,\"batches\":1,\"length\":8}");
  }

  @Test
  void state_combined_oneForEachLoader() {
    DataLoader loader = Source.COMBINED.loader(0, 5);
    read(loader, 0, LIMIT);

    assertThat(loader.state().child("position").toString())
        .isEqualTo(
            "State {\"a\":{\"cycle\":1,\"batches\":2},"
                + "\"c\":{\"cycle\":0,\"batches\":4,\"position\":{\"samples\":4}},"
                + "\"b\":{\"cycle\":0,\"batches\":4,\"position\":"
                + "{\"iterator\":{\"iterator\":{\"next\":8},\"index\":8},\"samples\":8}}}");
    assertThat(loader.state().child("source")).hasToString("State {\"c\":{\"0\":{\"offset\":4}}}");
  }

  /** Who left nothing behind is not told to go back. */
  @Test
  void close_nothingReadAhead_sourceIsLeftAlone() {
    List<State> loaded = new ArrayList<>();
    Topic topic = new Topic(loaded::add);
    DataLoader loader = DataLoader.builder(topic).build();
    try (BatchIterator batches = loader.iterator()) {
      batches.next();
    }
    assertThat(loaded).isEmpty();
    try (BatchIterator batches = loader.iterator()) {
      assertThat(batches.hasNext()).isTrue();
    }
    assertThat(loaded).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void copy_closed_putsSourcesBackWhereTheyWere(int workers) {
    DataLoader loader = Source.TOPIC.loader(workers, 1);
    read(loader, 0, 2);
    try (DataLoader copy = loader.copy()) {
      read(copy, 0, LIMIT);
    }

    assertThat(read(loader, LIMIT, LIMIT + 1)).containsExactly("x[4, 5][0, 1]");
  }

  @ParameterizedTest
  @EnumSource(names = {"TOPIC", "SAMPLER"})
  void iterator_whileOneOfAStatefulSourceIsOpen_isRefused(Source source) {
    DataLoader loader = source.loader(2, 1);
    BatchIterator open = loader.iterator();

    assertThatThrownBy(loader::iterator).hasMessageContaining("is still open");
    assertThatThrownBy(() -> loader.loadState(LoaderStates.of(1, 0, 0)))
        .hasMessageContaining("is still open");
    open.close();
    try (BatchIterator next = loader.iterator()) {
      assertThat(next.hasNext()).isTrue();
    }
  }

  /** Its own state fails before anything is read by a worker. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void next_sourceFails_isPutBackBehindWhatWasServed(int workers) {
    Topic topic = new Topic();
    IterableDataset failing =
        topic.map(
            sample -> {
              if (sample.get("x").get(0) == 5) {
                throw new IllegalStateException("broken");
              }
              return sample;
            });
    DataLoader loader = DataLoader.builder(failing).batchSize(2).workers(workers).build();
    BatchIterator batches = loader.iterator();
    batches.next();
    batches.next();

    assertThatThrownBy(batches::next).hasMessageContaining("broken");
    assertThat(topic.state().longValue("offset")).isEqualTo(4);
    assertThat(loader.state().longValue("batches")).isEqualTo(2);
  }
}
