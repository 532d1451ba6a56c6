package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.data.StatefulSources.Round;
import io.fulgur.data.StatefulSources.Seekable;
import io.fulgur.data.StatefulSources.Topic;
import io.fulgur.data.TestDatasets.CountingStream;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds the whole text of the errors of saving and restoring where a loader stands. */
class LoaderStateErrorTextsTest {
  private final Map<String, ThrowingCallable> mistakes = new LinkedHashMap<>();

  /** Has whatever state a test gives it. */
  private record Saved(Supplier<State> saved) implements IterableDataset, Stateful {
    @Override
    public Iterator<Sample> iterator(EpochContext epoch) {
      return List.of(Sample.of("x", 1)).iterator();
    }

    @Override
    public State state() {
      return saved.get();
    }

    @Override
    public void loadState(State state) {
      throw new IllegalArgumentException("no such shard");
    }
  }

  private static DataLoader indexed(int size) {
    return DataLoader.builder(TestDatasets.counting(size)).seed(1).build();
  }

  private static DataLoader stream(IterableDataset samples) {
    return DataLoader.builder(samples).seed(1).build();
  }

  private static DataLoader combined(String... names) {
    CombinedLoaderBuilder all = DataLoader.combine(CombinedMode.MIN_SIZE).seed(1);
    for (String name : names) {
      all.add(name, indexed(3));
    }
    return all.build();
  }

  /** Returns the state after the first batch. */
  private static State state(DataLoader loader) {
    try (BatchIterator batches = loader.iterator()) {
      batches.next();
      return batches.state();
    }
  }

  private static ThrowingCallable restoring(DataLoader loader, State state) {
    return () -> {
      loader.loadState(state);
      try (BatchIterator batches = loader.iterator()) {
        batches.next();
      }
    };
  }

  private void collect() {
    State middle = state(indexed(4));
    mistakes.put("another kind", restoring(stream(new CountingStream(3)), middle));
    mistakes.put("another length", restoring(indexed(5), middle));
    mistakes.put("behind the end", restoring(indexed(3), LoaderStates.of(1, 0, 4)));
    mistakes.put("negative", restoring(indexed(3), LoaderStates.of(1, 0, -4)));
    mistakes.put("other parts", restoring(combined("a", "c"), state(combined("a", "b"))));
    mistakes.put("incomplete", restoring(indexed(3), State.builder().put("seed", 1).build()));
    mistakes.put(
        "no longer a stateful data set",
        restoring(stream(new CountingStream(3)), state(stream(new Topic()))));
    mistakes.put(
        "no longer a stateful iterator",
        restoring(stream(new CountingStream(3)), state(stream(new Seekable(3)))));
    State.Builder other = State.builder().put("kind", "a stream of samples").put("seed", 1);
    other.put("epoch", 0).put("batches", 0);
    State partition = State.builder().put("partition", 3).build();
    other.child("source", State.builder().child("0", partition).build());
    mistakes.put("other entries", restoring(stream(new Topic()), other.build()));
    mistakes.put(
        "failing to restore",
        restoring(stream(new Saved(() -> partition)), stream(new Saved(() -> partition)).state()));
    mistakes.put(
        "failing to save",
        () ->
            stream(
                    new Saved(
                        () -> {
                          throw new IllegalStateException("no connection");
                        }))
                .state());
    Tensor tensor = Tensor.of(new float[] {1});
    mistakes.put(
        "tensors",
        () -> stream(new Saved(() -> State.builder().tensor("t", tensor).build())).state());
    DataLoader open =
        DataLoader.builder(TestDatasets.counting(10)).sampler(new Round()).seed(1).build();
    BatchIterator reading = open.iterator();
    assertThat(reading.hasNext()).isTrue();
    mistakes.put("two iterators", open::iterator);
  }

  @Test
  void message_eachMistake_asInTheGoldenFile() throws IOException {
    collect();
    StringBuilder texts = new StringBuilder();
    mistakes.forEach(
        (name, mistake) -> {
          FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
          assertThat(e).as(name).isNotNull();
          texts.append("# ").append(name).append('\n').append(e.getMessage()).append('\n');
        });

    assertThat(texts.toString()).isEqualTo(golden());
  }

  private static String golden() throws IOException {
    try (InputStream in =
        LoaderStateErrorTextsTest.class.getResourceAsStream("state-error-texts.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
