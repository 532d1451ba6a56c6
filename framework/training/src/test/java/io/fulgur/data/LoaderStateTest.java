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
    TOPIC(new Topic()),
    TOPIC_WITH_NOISE(new Topic().augment(NOISE)),
    TOPIC_SHUFFLED(new Topic().shuffle(3)),
    TOPIC_SHUFFLED_WITH_NOISE(new Topic().augment(NOISE).shuffle(3).augment(NOISE)),
    SEEKABLE(new Seekable(9)),
    SEEKABLE_WITH_NOISE(new Seekable(9).augment(NOISE)),
    SEEKABLE_SHUFFLED(new Seekable(9).shuffle(3)),
    STREAM_SHUFFLED(new CountingStream(9).shuffle(3)),
    SAMPLER(new Round()),
    SAMPLER_ITERATOR(new Stride()),
    DISTRIBUTED(Sampler.distributed(new Stride(), 2, 0)),
    BATCH_SAMPLER(new Growing()),
    DATASET(new Counter().map(sample -> sample)),
    COMBINED(CombinedMode.MAX_SIZE_CYCLE),
    COMBINED_IN_SEQUENCE(CombinedMode.SEQUENTIAL);

    private final Object kind;

    Source(Object kind) {
      this.kind = kind;
    }

    /** Returns a loader of a source as it was at first. */
    DataLoader loader(int workers, long seed) {
      Dataset samples = new TestDatasets.Counting(23);
      if (kind instanceof CombinedMode mode) {
        CombinedLoaderBuilder all = DataLoader.combine(mode).seed(seed);
        all.add("a", DataLoader.builder(samples).batchSize(12).shuffle(true).build());
        if (mode == CombinedMode.MAX_SIZE_CYCLE) {
          all.add("b", sized(DataLoader.builder(new Seekable(9).augment(NOISE)), workers));
        }
        return all.add("c", DataLoader.builder(new Topic()).workers(workers).build()).build();
      }
      if (kind instanceof BatchSampler) {
        DataLoaderBuilder options = DataLoader.builder(samples).batchSampler(new Growing());
        return options.workers(workers).seed(seed).build();
      }
      DataLoaderBuilder options =
          kind instanceof Sampler sampler
              ? DataLoader.builder(samples).sampler(fresh(sampler))
              : kind instanceof Dataset
                  ? DataLoader.builder(new Counter().map(sample -> sample))
                  : DataLoader.builder(fresh((IterableDataset) kind));
      return sized(options.seed(seed), workers);
    }

    private static DataLoader sized(DataLoaderBuilder options, int workers) {
      return options.batchSize(2).workers(workers).build();
    }

    private static Sampler fresh(Sampler sampler) {
      return sampler instanceof Round ? new Round() : sampler;
    }

    private static IterableDataset fresh(IterableDataset data) {
      if (data instanceof Topic) {
        return new Topic();
      }
      if (data instanceof MappedIterableDataset mapped) {
        return new MappedIterableDataset(fresh(mapped.base()), mapped.transform());
      }
      return data instanceof ShuffledIterableDataset shuffled
          ? fresh(shuffled.base()).shuffle(shuffled.bufferSize())
          : data;
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
            "State {\"kind\":\"a data set by index\",\"seed\":5,\"epoch\":0,\"batches\":1,\"length\":8}");
  }

  @Test
  void state_combined_oneForEachLoader() {
    DataLoader loader = Source.COMBINED.loader(0, 5);
    read(loader, 0, LIMIT);

    assertThat(loader.state().child("position").toString())
        .isEqualTo(
            "State {\"a\":{\"cycle\":1,\"batches\":2},"
                + "\"b\":{\"cycle\":0,\"batches\":4,\"position\":"
                + "{\"iterator\":{\"iterator\":{\"next\":8},\"index\":8},\"samples\":8}},"
                + "\"c\":{\"cycle\":0,\"batches\":4,\"position\":{\"samples\":4}}}");
    assertThat(loader.state().child("source"))
        .hasToString("State {\"c\":{\"0\":{\"offset\":4}}}");
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
