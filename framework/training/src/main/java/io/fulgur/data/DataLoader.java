package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.lang.ref.Cleaner;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a data set in batches, epoch by epoch.
 *
 * <pre>{@code
 * DataLoader loader = DataLoader.builder(dataset).batchSize(32).shuffle(true).seed(1).build();
 * for (HostBatch batch : loader) { ... }
 * }</pre>
 *
 * <p>The batches of an epoch depend on the data set, the options, the seed and the epoch, never on
 * the number of workers. Each call of {@link #iterator()} starts the next epoch unless {@link
 * #epoch(long)} or {@link #loadState} said otherwise.
 *
 * <p>Not thread-safe: iterators are made and read by one thread.
 *
 * <p>Its {@link #state()} is where it stands: seed, epoch, number of batches, and the states of
 * those data sets, samplers and their iterators that are {@link Stateful}. One whose state tells
 * the place in an epoch is put there; where there is none, the batches before are passed over: of a
 * data set by index without reading any, of an iterable one by reading them again. Data sets and
 * samplers that are {@link Stateful} themselves are read by one iterator at a time, which has to be
 * closed if it is left before its end.
 *
 * <p>Closing is for loaders whose workers are {@linkplain DataLoaderBuilder#persistentWorkers
 * persistent}, and ends their threads; otherwise that is done when the loader is garbage collected.
 *
 * @since 0.1
 */
public final class DataLoader implements Iterable<HostBatch>, Stateful, AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final LoaderKind kind;
  private final EpochSource source;
  private final LoaderThreads options;
  private final WorkerThreads threads;
  private @Nullable Long seed;
  private long nextEpoch;
  private long nextBatch;
  private @Nullable State nextPosition;
  private @Nullable LoaderPosition newest;
  private @Nullable LoaderPosition reading;
  private State sourcesBefore = State.empty();

  DataLoader(LoaderKind kind, EpochSource source, LoaderThreads options) {
    this.kind = kind;
    this.source = source;
    this.options = options;
    this.seed = kind.seed();
    WorkerThreads made = new WorkerThreads(options.persistent() ? options.workers() : 0);
    this.threads = made;
    if (options.persistent()) {
      CLEANER.register(this, made::close);
    }
  }

  /** Starts to build a loader of samples with indices. */
  public static DataLoaderBuilder builder(Dataset dataset) {
    return new DataLoaderBuilder(dataset);
  }

  /** Starts to build a loader of samples that come in an order of their own. */
  public static DataLoaderBuilder builder(IterableDataset dataset) {
    return new DataLoaderBuilder(dataset);
  }

  /**
   * Starts to build a loader whose batches are made of those of several others.
   *
   * @param mode when an epoch ends whose loaders have different numbers of batches
   */
  public static CombinedLoaderBuilder combine(CombinedMode mode) {
    return new CombinedLoaderBuilder(mode);
  }

  /**
   * Starts an epoch: the one after that of the last call, or the one that {@link #epoch(long)} set,
   * or the rest of the one that {@link #loadState} restored.
   *
   * @return the batches, whose errors are those of the data set, the sampler and the collate
   *     function
   * @throws FulgurException if what is read has a state of its own and an earlier iterator is open
   */
  @Override
  public BatchIterator iterator() {
    return iterator(null);
  }

  /**
   * As {@link #iterator()}.
   *
   * @param observer told of each batch that is made; null for nobody
   */
  public BatchIterator iterator(@Nullable LoadObserver observer) {
    requireClosed();
    EpochContext context = new EpochContext(seed(), nextEpoch);
    EpochStart start = new EpochStart(nextBatch, nextPosition);
    LoaderPosition position = new LoaderPosition(source, context, start);
    EpochPlan plan = source.open(context, start);
    BatchIterator batches;
    if (options.workers() == 0) {
      batches = new InlineIterator(plan, position, options.clock(), observer);
    } else {
      WorkerPool pool = new WorkerPool(plan, options, observer);
      pool.start(threads);
      batches = new WorkerIterator(pool, position);
    }
    newest = position;
    reading = position;
    nextEpoch++;
    nextBatch = 0;
    nextPosition = null;
    return batches;
  }

  private void requireClosed() {
    LoaderPosition open = reading;
    if (open != null && open.isOpen() && !source.state().isEmpty()) {
      throw new FulgurException(
          ErrorId.LOADER_IN_USE,
          "%s reads from what is Stateful, and an earlier iterator of it is still open. Read that to its end, or close it."
              .formatted(this));
    }
  }

  /**
   * Sets the epoch that the next iterator reads. It starts at the first batch, except if this is
   * the epoch in whose middle {@link #loadState} has put the loader.
   *
   * @param epoch counted from 0
   */
  public void epoch(long epoch) {
    if (epoch < 0) {
      throw LoaderState.negative(epoch, 0);
    }
    if (epoch != nextEpoch) {
      restartEpoch();
    }
    nextEpoch = epoch;
    newest = null;
  }

  /** Lets the next iterator start at the first batch also where a state was in the middle. */
  public void restartEpoch() {
    nextBatch = 0;
    nextPosition = null;
  }

  /** Returns the number of batches of an epoch; unknown for an iterable data set. */
  public OptionalLong length() {
    return source.length();
  }

  /**
   * Returns where the newest iterator stands, also if it was closed early; the start of the next
   * epoch if it came to its end or there is none.
   */
  @Override
  public State state() {
    LoaderPosition read = newest;
    if (read != null) {
      return read.state();
    }
    return new LoaderState(
            source.kind(), length(), seed(), nextEpoch, nextBatch, source.state(), nextPosition)
        .toState();
  }

  /**
   * Makes the next iterator go on from a place that {@link #state()} told, and restores the states
   * of data sets and samplers. One with a seed, an epoch and a number of batches only will do.
   *
   * @throws FulgurException if the state is of another kind of loader or of other combined ones,
   *     its epochs have another number of batches and this is in the middle of one, what is {@link
   *     Stateful} now was not then or the other way round, or an iterator of such is open
   */
  @Override
  public void loadState(State state) {
    LoaderState saved = LoaderState.read(state);
    saved.checkFits(source, this);
    requireClosed();
    if (!saved.source().isEmpty()) {
      source.loadState(saved.source());
    }
    seed = saved.seed();
    nextEpoch = saved.epoch();
    nextBatch = saved.batches();
    nextPosition = saved.position();
    newest = null;
  }

  /** Returns whether indices are read in ascending order, or an iterable data set in its own. */
  public boolean isSequential() {
    return !kind.reorders();
  }

  /**
   * Returns a loader of the same samples in ascending order, otherwise equal to this; for training
   * on the same few batches over and over.
   *
   * @throws FulgurException if a batch sampler decides on the order
   */
  public DataLoader sequential() {
    return isSequential() ? this : kind.sequential();
  }

  /**
   * Returns a loader of the same samples with the same options, which stands at its first epoch
   * and, where no seed was given, draws one of its own. Nothing that is done with it changes this
   * one, if it is closed where data sets or samplers have a state: that puts them back.
   */
  public DataLoader copy() {
    DataLoader copy = new DataLoader(kind, source, options);
    copy.sourcesBefore = source.state();
    return copy;
  }

  /** Returns the number of threads that read beside the loop's own. */
  public int workers() {
    return options.workers();
  }

  LoaderThreads threads() {
    return options;
  }

  EpochSource source() {
    return source;
  }

  /** Returns the seed that the user gave, if any. */
  @Nullable Long givenSeed() {
    return kind.seed();
  }

  /** Ends the threads of persistent workers that wait; a later epoch starts new ones. */
  @Override
  public void close() {
    threads.close();
    if (!sourcesBefore.isEmpty()) {
      source.loadState(sourcesBefore);
    }
  }

  /**
   * Returns what the order and the random transforms depend on, besides the epoch. Where none was
   * given, it is drawn from {@link Generator#defaultGenerator()} at the first call or epoch, so
   * that seeding everything after the loader was built still has its effect.
   */
  public long seed() {
    Long known = seed;
    if (known == null) {
      known = Generator.defaultGenerator().nextLong();
      seed = known;
    }
    return known;
  }

  /** Returns e.g. {@code DataLoader of Digits with 45 batches}. */
  @Override
  public String toString() {
    OptionalLong length = length();
    return "DataLoader of "
        + kind.datasetName()
        + (length.isPresent() ? " with " + length.getAsLong() + " batches" : "");
  }
}
