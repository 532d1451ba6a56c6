package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link DataLoader}.
 *
 * @since 0.1
 */
public final class DataLoaderBuilder {
  private static final int PREFETCH_PER_WORKER = 2;

  private final @Nullable Dataset dataset;
  private final @Nullable IterableDataset stream;
  private @Nullable Integer batchSize;
  private @Nullable Boolean dropLast;
  private boolean shuffle;
  private @Nullable Long seed;
  private @Nullable Sampler sampler;
  private @Nullable BatchSampler batchSampler;
  private Collate collate = Collate.stack();
  private int workers;
  private @Nullable Integer prefetch;
  private boolean persistentWorkers;
  private @Nullable Duration timeout;
  private @Nullable WorkerStart workerStart;
  private LongSupplier clock = System::nanoTime;

  DataLoaderBuilder(Dataset dataset) {
    this.dataset = dataset;
    this.stream = null;
  }

  DataLoaderBuilder(IterableDataset stream) {
    this.dataset = null;
    this.stream = stream;
  }

  private DataLoaderBuilder(DataLoaderBuilder other) {
    dataset = other.dataset;
    stream = other.stream;
    batchSize = other.batchSize;
    dropLast = other.dropLast;
    shuffle = other.shuffle;
    seed = other.seed;
    sampler = other.sampler;
    batchSampler = other.batchSampler;
    collate = other.collate;
    workers = other.workers;
    prefetch = other.prefetch;
    persistentWorkers = other.persistentWorkers;
    timeout = other.timeout;
    workerStart = other.workerStart;
    clock = other.clock;
  }

  /** Sets the number of samples of a batch, positive; 1 by default. */
  public DataLoaderBuilder batchSize(int samples) {
    DataErrors.checkPositive("batchSize", samples);
    batchSize = samples;
    return this;
  }

  /** Sets whether a last batch with fewer samples is left out; false by default. */
  public DataLoaderBuilder dropLast(boolean drop) {
    dropLast = drop;
    return this;
  }

  /** Sets whether each epoch reads in another random order; false by default. */
  public DataLoaderBuilder shuffle(boolean random) {
    shuffle = random;
    return this;
  }

  /**
   * Sets what the order and the random transforms depend on, besides the epoch. By default it is
   * drawn from {@link io.fulgur.tensor.Generator#defaultGenerator()} when the first epoch starts.
   */
  public DataLoaderBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Sets which samples are read, in which order; in place of {@link #shuffle}. */
  public DataLoaderBuilder sampler(Sampler indices) {
    sampler = indices;
    return this;
  }

  /**
   * Sets which samples form each batch; in place of {@link #batchSize}, {@link #dropLast}, {@link
   * #shuffle} and {@link #sampler}.
   */
  public DataLoaderBuilder batchSampler(BatchSampler batches) {
    batchSampler = batches;
    return this;
  }

  /** Sets how samples become a batch; {@link Collate#stack()} by default. */
  public DataLoaderBuilder collate(Collate function) {
    collate = function;
    return this;
  }

  /**
   * Sets the number of threads that read and collate; with 0, the default, the thread of the loop
   * does. Threads pay where reading or transforming a sample takes tens of microseconds and more.
   */
  public DataLoaderBuilder workers(int threads) {
    if (threads < 0) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "workers is %d. It must be 0, which reads on the thread of the loop, or positive."
              .formatted(threads));
    }
    workers = threads;
    return this;
  }

  /**
   * Sets how many batches, over all workers, are made ahead of the one that was served last; twice
   * the number of workers by default. Needs workers.
   */
  public DataLoaderBuilder prefetch(int batches) {
    DataErrors.checkPositive("prefetch", batches);
    prefetch = batches;
    return this;
  }

  /**
   * Sets whether the workers' threads wait for the next epoch instead of ending with each; false by
   * default. That keeps what they hold, such as the connections of {@link #workerStart}. Needs
   * workers; {@link DataLoader#close()} ends the threads.
   */
  public DataLoaderBuilder persistentWorkers(boolean keep) {
    persistentWorkers = keep;
    return this;
  }

  /**
   * Sets how long the loop waits for a batch before it fails with an error that tells where the
   * worker hangs; for any time by default. Needs workers.
   */
  public DataLoaderBuilder timeout(Duration longest) {
    if (longest.isNegative() || longest.isZero()) {
      throw new FulgurException(
          ErrorId.INVALID_OPTIONS,
          "timeout is %s. It must be positive; leave it out to wait for any time."
              .formatted(longest));
    }
    timeout = longest;
    return this;
  }

  /**
   * Sets what each worker's thread does before its first batch, as PyTorch's {@code
   * worker_init_fn}. Needs workers.
   */
  public DataLoaderBuilder workerStart(WorkerStart function) {
    workerStart = function;
    return this;
  }

  /** Sets what tells the time in nanoseconds. */
  DataLoaderBuilder clock(LongSupplier nanos) {
    clock = nanos;
    return this;
  }

  /**
   * Makes the loader.
   *
   * @throws FulgurException if options contradict each other, there are no samples, or {@link
   *     #dropLast} would leave no batch
   */
  public DataLoader build() {
    if (workers == 0) {
      checkNoWorkers();
    }
    if (shuffle && sampler != null) {
      throw contradiction("shuffle(true)", "sampler(...)", "Both decide on the order");
    }
    DataLoaderBuilder frozen = new DataLoaderBuilder(this);
    LoaderThreads threads =
        new LoaderThreads(workers, prefetch(), persistentWorkers, timeout, workerStart, clock);
    return new DataLoader(
        new OneDataset(frozen), dataset != null ? indexed(dataset) : streamed(), threads);
  }

  private void checkNoWorkers() {
    String without = "workers(0)";
    if (prefetch != null) {
      throw contradiction(
          "prefetch(" + prefetch + ")", without, "Batches are made ahead by workers only");
    }
    if (timeout != null) {
      throw contradiction(
          "timeout(" + timeout + ")", without, "Without workers nobody waits for a batch");
    }
    if (persistentWorkers) {
      throw contradiction("persistentWorkers(true)", without, "There are no threads to keep");
    }
    if (workerStart != null) {
      throw contradiction("workerStart(...)", without, "There are no threads to start");
    }
  }

  private EpochSource indexed(Dataset indexed) {
    if (indexed.size() == 0) {
      throw DataErrors.empty(datasetName());
    }
    return DatasetBatches.of(indexed, batches(indexed), collate);
  }

  private BatchSampler batches(Dataset indexed) {
    if (batchSampler != null) {
      String other =
          batchSize != null
              ? "batchSize"
              : dropLast != null
                  ? "dropLast"
                  : shuffle ? "shuffle" : sampler != null ? "sampler" : null;
      if (other != null) {
        throw contradiction(
            other + "(...)",
            "batchSampler(...)",
            "The batch sampler alone decides what is in a batch");
      }
      return batchSampler;
    }
    Sampler order = sampler;
    if (order == null) {
      order = shuffle ? Sampler.random(indexed.size()) : Sampler.sequential(indexed.size());
    } else if (order.size() == 0) {
      throw new FulgurException(
          ErrorId.EMPTY_DATASET,
          "The sampler %s has size 0. It must give at least one index an epoch."
              .formatted(DataErrors.name(order)));
    }
    if (drops() && order.size() < size()) {
      throw DataErrors.allDropped(order.size(), size());
    }
    return BatchSampler.of(order, size(), drops());
  }

  private EpochSource streamed() {
    if (reorders()) {
      throw contradiction(
          shuffle ? "shuffle(true)" : sampler != null ? "sampler(...)" : "batchSampler(...)",
          "an IterableDataset",
          "It has an order of its own; shuffle inside the data set");
    }
    IterableDataset samples = Objects.requireNonNull(stream);
    return IterableBatches.of(samples, size(), drops(), collate);
  }

  private int size() {
    return batchSize == null ? 1 : batchSize;
  }

  private boolean drops() {
    return dropLast != null && dropLast;
  }

  private static FulgurException contradiction(String one, String other, String why) {
    return new FulgurException(
        ErrorId.INVALID_OPTIONS,
        "%s does not go together with %s. %s. Leave out one of them.".formatted(one, other, why));
  }

  private int prefetch() {
    return prefetch == null ? PREFETCH_PER_WORKER * workers : prefetch;
  }

  private boolean reorders() {
    return shuffle || sampler != null || batchSampler != null;
  }

  private String datasetName() {
    return DataErrors.name(dataset != null ? dataset : Objects.requireNonNull(stream));
  }

  /** A loader of one data set, with the options it was made of. */
  private record OneDataset(DataLoaderBuilder options) implements LoaderKind {
    @Override
    public String datasetName() {
      return options.datasetName();
    }

    @Override
    public @Nullable Long seed() {
      return options.seed;
    }

    @Override
    public boolean reorders() {
      return options.reorders();
    }

    @Override
    public DataLoader sequential() {
      if (options.batchSampler != null) {
        throw contradiction(
            "sequential()", "batchSampler(...)", "The batch sampler decides on the order");
      }
      DataLoaderBuilder copy = new DataLoaderBuilder(options);
      copy.shuffle = false;
      copy.sampler = null;
      return copy.build();
    }
  }
}
