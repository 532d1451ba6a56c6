package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loaders whose batches are served together.
 *
 * <pre>{@code
 * DataLoader both =
 *     DataLoader.combine(CombinedMode.MAX_SIZE_CYCLE)
 *         .add("labelled", labelled)
 *         .add("unlabelled", unlabelled)
 *         .build();
 * }</pre>
 *
 * <p>A batch has the values of its parts under {@code labelled/image} and so on; {@link
 * Batch#part(String)} gives one part as a batch of its own. The size by which logged means are
 * weighted is that of the first part. Each part is exactly the batch that its loader alone would
 * give.
 *
 * <p>The combined loader makes its batches with as many workers as the loaders have together, waits
 * as long as the most impatient of them, and keeps its threads if one of them does. Its state holds
 * one for each loader in it: how often that has started again, its batches since then, and what its
 * data set and sampler save. It fits a loader with the same mode and names of parts.
 *
 * @since 0.1
 */
public final class CombinedLoaderBuilder {
  private final CombinedMode mode;
  private final Map<String, DataLoader> loaders = new LinkedHashMap<>();
  private @Nullable Long seed;

  CombinedLoaderBuilder(CombinedMode mode) {
    this.mode = mode;
  }

  /**
   * Adds a loader.
   *
   * @param name what stands in front of the names of its values; without a slash
   * @throws FulgurException if there is one of this name, or the name is empty or has a slash
   */
  public CombinedLoaderBuilder add(String name, DataLoader loader) {
    if (name.isEmpty() || name.contains(HostBatch.SEPARATOR)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A combined loader cannot have a part named \"%s\". Name it without a slash."
              .formatted(name));
    }
    if (loaders.putIfAbsent(name, loader) != null) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A combined loader has two parts named \"%s\". Give each a name of its own."
              .formatted(name));
    }
    return this;
  }

  /**
   * Sets what the order of those loaders depends on that have no seed of their own. By default it
   * is drawn from {@link io.fulgur.tensor.Generator#defaultGenerator()} when the first epoch
   * starts.
   */
  public CombinedLoaderBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Makes the loader.
   *
   * @throws FulgurException if it has no parts
   */
  public DataLoader build() {
    if (loaders.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "A combined loader has no parts. Give it at least one with add(...).");
    }
    Map<String, DataLoader> parts = new LinkedHashMap<>(loaders);
    return new DataLoader(
        new Combination(mode, parts, seed), new CombinedBatches(mode, parts), threads());
  }

  private LoaderThreads threads() {
    List<LoaderThreads> all = loaders.values().stream().map(DataLoader::threads).toList();
    int workers = all.stream().mapToInt(LoaderThreads::workers).sum();
    return new LoaderThreads(
        workers,
        all.stream().mapToInt(LoaderThreads::prefetch).sum(),
        all.stream().anyMatch(LoaderThreads::persistent),
        present(all, LoaderThreads::timeout).min(Duration::compareTo).orElse(null),
        together(present(all, LoaderThreads::start).toList()),
        all.get(0).clock());
  }

  private static <T> Stream<T> present(
      List<LoaderThreads> all, Function<LoaderThreads, @Nullable T> option) {
    List<T> present = new ArrayList<>();
    for (LoaderThreads each : all) {
      T value = option.apply(each);
      if (value != null) {
        present.add(value);
      }
    }
    return present.stream();
  }

  private static @Nullable WorkerStart together(List<WorkerStart> starts) {
    if (starts.isEmpty()) {
      return null;
    }
    return worker -> {
      for (WorkerStart start : starts) {
        start.start(worker);
      }
    };
  }

  /** What a combined loader is made of. */
  private record Combination(CombinedMode mode, Map<String, DataLoader> parts, @Nullable Long seed)
      implements LoaderKind {
    @Override
    public String datasetName() {
      return String.join(" and ", parts.keySet());
    }

    @Override
    public boolean reorders() {
      return parts.values().stream().anyMatch(part -> !part.isSequential());
    }

    @Override
    public DataLoader sequential() {
      CombinedLoaderBuilder copy = new CombinedLoaderBuilder(mode);
      parts.forEach((name, part) -> copy.add(name, part.sequential()));
      copy.seed = seed;
      return copy.build();
    }
  }
}
