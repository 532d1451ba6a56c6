package io.fulgur.data;

import static io.fulgur.data.TestDatasets.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.data.TestDatasets.Counting;
import io.fulgur.data.TestDatasets.CountingStream;
import io.fulgur.data.TestDatasets.FailingAt;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds the whole text of the errors that users of loaders and data sets see. */
class DataErrorTextsTest {
  private static final Path FILE = Path.of("missing.bin");

  private final Map<String, ThrowingCallable> mistakes = new LinkedHashMap<>();

  private static final class NoBatches implements BatchSampler {
    @Override
    public OptionalLong length() {
      return OptionalLong.of(1);
    }

    @Override
    public Iterator<long[]> batches(EpochContext epoch) {
      return List.of(new long[0]).iterator();
    }
  }

  private static final class FailingBulk implements BulkDataset {
    @Override
    public long size() {
      return 1;
    }

    @Override
    public Sample get(long index) {
      return Sample.of("x", index);
    }

    @Override
    public HostBatch getBatch(long[] indices, HostArrays arrays) {
      throw new IllegalStateException("file closed");
    }
  }

  private static final class Digits extends DataModule {}

  private static DataLoaderBuilder loader(Dataset dataset) {
    return DataLoader.builder(dataset);
  }

  private static ThrowingCallable reading(DataLoaderBuilder options) {
    return () -> options.build().iterator().forEachRemaining(batch -> {});
  }

  private void options() {
    Dataset ten = counting(10);
    mistakes.put("batchSize 0", () -> loader(ten).batchSize(0));
    mistakes.put("workers -1", () -> loader(ten).workers(-1));
    mistakes.put("prefetch 0", () -> loader(ten).prefetch(0));
    mistakes.put("prefetch without workers", () -> loader(ten).prefetch(2).build());
    mistakes.put(
        "shuffle and sampler", () -> loader(ten).shuffle(true).sampler(Sampler.random(10)).build());
    mistakes.put(
        "batchSize and batchSampler",
        () -> loader(ten).batchSize(2).batchSampler(new NoBatches()).build());
    mistakes.put(
        "shuffle and batchSampler",
        () -> loader(ten).shuffle(true).batchSampler(new NoBatches()).build());
    mistakes.put(
        "sampler of a stream",
        () -> DataLoader.builder(new CountingStream(3)).sampler(Sampler.sequential(3)).build());
    mistakes.put(
        "shuffle of a stream",
        () -> DataLoader.builder(new CountingStream(3)).shuffle(true).build());
    mistakes.put(
        "sequential with batchSampler",
        () -> loader(ten).batchSampler(new NoBatches()).build().sequential());
    mistakes.put("dropLast of too few", () -> loader(ten).batchSize(16).dropLast(true).build());
    mistakes.put(
        "dropLast of too few in a stream",
        reading(DataLoader.builder(new CountingStream(3)).batchSize(4).dropLast(true)));
  }

  private void datasets() {
    mistakes.put("empty", () -> loader(new Counting(0)).build());
    mistakes.put("empty stream", reading(DataLoader.builder(new CountingStream(0))));
    mistakes.put("empty sampler", () -> loader(counting(3)).sampler(new ListSampler()).build());
    mistakes.put(
        "sampler out of range", reading(loader(counting(3)).sampler(new ListSampler(0, 3))));
    mistakes.put(
        "batch sampler with nothing", reading(loader(counting(3)).batchSampler(new NoBatches())));
    mistakes.put(
        "failing sampler",
        reading(
            loader(counting(3))
                .batchSampler(
                    new BatchSampler() {
                      @Override
                      public OptionalLong length() {
                        return OptionalLong.of(1);
                      }

                      @Override
                      public Iterator<long[]> batches(EpochContext epoch) {
                        throw new IllegalStateException("no weights");
                      }

                      @Override
                      public String toString() {
                        return "Weights";
                      }
                    })));
    mistakes.put("failing sample", reading(loader(new FailingAt(3, 1))));
    mistakes.put("failing sample of a subset", reading(loader(new FailingAt(9, 5).subset(4, 5))));
    mistakes.put(
        "failing sample of a mapped concatenation",
        reading(loader(new Counting(2).concat(new FailingAt(9, 5)).map(sample -> sample))));
    mistakes.put("null sample", reading(loader(new Counting(2).map(sample -> null))));
    mistakes.put(
        "null sample of a stream",
        reading(DataLoader.builder(new CountingStream(2).map(sample -> null))));
    mistakes.put("failing bulk", reading(loader(new FailingBulk())));
    mistakes.put("subset out of range", () -> counting(3).subset(1, -1));
    mistakes.put("index out of range", () -> counting(3).get(3));
    mistakes.put("split not to 1", () -> counting(3).randomSplit(0, 0.5, 0.4));
    mistakes.put("split with an empty part", () -> counting(3).randomSplit(0, 0.99, 0.01));
    mistakes.put("unequal columns", () -> counting(3).with("y", HostArray.of(new float[4])));
    mistakes.put("scalar column", () -> ArrayDataset.of("y", HostArray.scalar(1f)));
  }

  private void batches() {
    Dataset names = new Counting(2).map(s -> s.get("x").get(0) == 0 ? s : s.with("label", 1));
    Dataset shapes = new Counting(2).map(s -> s.with("y", new float[(int) s.get("x").get(0) + 1]));
    mistakes.put("other names", reading(loader(names).batchSize(2)));
    mistakes.put("other shapes", reading(loader(shapes).batchSize(2)));
    mistakes.put(
        "failing collate",
        reading(
            loader(counting(4))
                .batchSize(2)
                .collate(
                    (samples, arrays) -> {
                      throw new IllegalStateException("too long");
                    })));
    mistakes.put(
        "null of collate", reading(loader(counting(2)).collate((samples, arrays) -> null)));
    mistakes.put("misspelled name", () -> Sample.of("image", 1).with("label", 2).get("lable"));
    mistakes.put("unknown name", () -> Sample.of("image", 1).with("label", 2).get("weight"));
    mistakes.put("no values", () -> Sample.of(Map.of()));
    mistakes.put("no batch", () -> HostBatch.of(0, Map.of()));
    mistakes.put("wrong shape", () -> HostArray.of(new float[5], 2, 3));
    mistakes.put("wrong type", () -> HostArray.of(new float[5]).longs());
  }

  private void others() {
    mistakes.put("no training loader", () -> new Digits().trainLoader());
    mistakes.put("no training loader given", () -> DataModule.builder().build().trainLoader());
    mistakes.put("negative weight", () -> Sampler.weighted(new double[] {1, -2}, 3));
    mistakes.put("no weight", () -> Sampler.weighted(new double[2], 3));
    mistakes.put("no draws", () -> Sampler.weighted(new double[] {1}, 0));
    Dataset withNaN = ArrayDataset.of("y", HostArray.of(new float[] {1, Float.NaN}, 2, 1));
    mistakes.put("fit of NaN", () -> Normalize.fit(withNaN, "y"));
    mistakes.put("fit of nothing", () -> Normalize.fit(new Counting(0), "y"));
    Normalize two = Normalize.of("x", new double[2], new double[2]);
    mistakes.put("other shape than fitted", () -> two.apply(Sample.of("x", new float[3])));
    mistakes.put("statistics unequal", () -> Normalize.of("x", new double[2], new double[1]));
    mistakes.put("no state", () -> Normalize.fromState(Map.of("mean", "none")));
  }

  private void workers() {
    Dataset ten = counting(10);
    mistakes.put(
        "timeout without workers", () -> loader(ten).timeout(Duration.ofSeconds(5)).build());
    mistakes.put("timeout 0", () -> loader(ten).timeout(Duration.ZERO));
    mistakes.put("persistent without workers", () -> loader(ten).persistentWorkers(true).build());
    mistakes.put(
        "workerStart without workers", () -> loader(ten).workerStart(worker -> {}).build());
    mistakes.put(
        "failing workerStart",
        reading(
            loader(ten)
                .workers(1)
                .workerStart(
                    worker -> {
                      throw new IOException("no connection");
                    })));
  }

  private void samplersAndCombinations() {
    Sampler ten = Sampler.sequential(10);
    mistakes.put("rank out of range", () -> Sampler.distributed(ten, 4, 4));
    mistakes.put("no replicas", () -> Sampler.distributed(ten, 0, 0));
    mistakes.put("too many replicas", () -> Sampler.distributed(ten, 11, 0, /* dropLast= */ true));
    mistakes.put("combined of nothing", () -> DataLoader.combine(CombinedMode.MIN_SIZE).build());
    CombinedLoaderBuilder combined =
        DataLoader.combine(CombinedMode.MIN_SIZE).add("a", loader(counting(1)).build());
    mistakes.put("combined twice", () -> combined.add("a", loader(counting(1)).build()));
    mistakes.put("combined with a slash", () -> combined.add("a/b", loader(counting(1)).build()));
    mistakes.put("shuffle buffer 0", () -> new CountingStream(3).shuffle(0));
    mistakes.put(
        "failing stream",
        reading(
            DataLoader.builder(
                IterableDataset.ofStream(
                    () -> {
                      throw new IOException("no such topic");
                    }))));
  }

  private void scales() {
    Dataset two = ArrayDataset.of("x", HostArray.of(new float[] {0, 1, 2, 3}, 2, 2));
    MinMaxScale scale = MinMaxScale.fit(two, "x");
    mistakes.put("scale of another shape", () -> scale.apply(Sample.of("x", new float[3])));
    mistakes.put("scale to nothing", () -> scale.to(1, 1));
    mistakes.put("no state of a scale", () -> MinMaxScale.fromState(Map.of("min", "none")));
    mistakes.put("bundle with a slash", () -> DataBundle.builder().add("a/b", two));
    mistakes.put("binary field of F16", () -> BinaryReader.of(FILE).field("x", DType.F16));
    mistakes.put("binary label of F32", () -> BinaryReader.of(FILE).label("x", DType.F32));
    mistakes.put("binary header of -1", () -> BinaryReader.of(FILE).headerBytes(-1));
    mistakes.put("binary without fields", () -> BinaryReader.of(FILE).open());
    mistakes.put("no IDX file", () -> IdxReader.read(FILE));
  }

  @Test
  void message_eachMistake_asInTheGoldenFile() throws IOException {
    options();
    datasets();
    batches();
    others();
    workers();
    samplersAndCombinations();
    scales();
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
    try (InputStream in = DataErrorTextsTest.class.getResourceAsStream("error-texts.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
