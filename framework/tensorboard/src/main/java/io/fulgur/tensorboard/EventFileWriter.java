package io.fulgur.tensorboard;

import io.fulgur.tensorboard.EventFiles.NewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.tensorflow.proto.Event;

/**
 * Writes events to a new file, from a thread of its own.
 *
 * <p>Adding an event only queues it; one daemon thread writes the queue to the file when a flush is
 * asked for, when it is half full, every {@linkplain Builder#flushIntervalMillis flush interval},
 * at {@link #close}, and when the JVM exits in order without that. A caller waits only while the
 * queue is full, so no event is ever dropped. All methods may be called from any thread.
 *
 * <p>When the file cannot be written any more, say because the disk is full, that and every later
 * call throws an {@link EventFileException}, {@link #close} included. What was written before
 * stays: an event file is only ever appended to. To go on, open another writer on the same folder;
 * TensorBoard reads all event files of a folder as one run.
 *
 * <p>A flush hands the events to the operating system, so they survive the end of the JVM but not a
 * power failure. Killing the JVM outright loses what was added since the last flush.
 *
 * <p>The files are those of {@code tensorboard.summary.writer.EventFileWriter}, whose default
 * interval is 120 seconds.
 *
 * @since 0.1
 */
public final class EventFileWriter implements AutoCloseable {
  private static final String FILE_VERSION = "brain.Event:2";
  private static final double MILLIS_PER_SECOND = 1000.0;

  private final Path file;
  private final RecordWriter records;
  private final EventQueue queue;
  private final InstantSource clock;
  private final ScheduledExecutorService writerThread;

  private EventFileWriter(Builder options) {
    clock = options.clock;
    NewFile created = EventFiles.create(options.folder, clock.instant(), options.opener);
    file = created.path();
    records = new RecordWriter(created.stream());
    queue = new EventQueue(file, options.queueCapacity, options.queueCapacityBytes);
    writeFileVersion();
    writerThread = options.scheduler.get();
  }

  /**
   * Creates an event file in a folder, with the defaults of {@link Builder}.
   *
   * @param folder the run's folder, which is created where it is missing
   * @throws EventFileException if the folder or the file cannot be created or written
   */
  public static EventFileWriter open(Path folder) {
    return builder(folder).open();
  }

  /**
   * Starts the options of a writer.
   *
   * @param folder the run's folder, which is created where it is missing
   */
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  /** Names the file: {@code events.out.tfevents.<seconds>.<host>.<process>.<number>}. */
  public Path file() {
    return file;
  }

  /**
   * Adds an event as it is.
   *
   * @throws EventFileException if the file could not be written
   * @throws IllegalStateException if this writer is closed
   */
  public void add(Event event) {
    add(() -> event, event.getSerializedSize());
  }

  /**
   * Adds an event that is yet to be built, by the writing thread.
   *
   * @param event builds the event from what does not change any more
   * @param payloadBytes about what it occupies beyond a scalar's
   */
  void add(Supplier<Event> event, long payloadBytes) {
    if (queue.add(event, payloadBytes)) {
      try {
        writerThread.execute(this::drain);
      } catch (RejectedExecutionException e) {
        // close() came in between, and has taken the event with it.
        queue.requireNoFailure();
      }
    }
  }

  /**
   * Writes everything added so far to the file, and waits for it.
   *
   * @throws EventFileException if the file could not be written
   * @throws IllegalStateException if this writer is closed
   */
  public void flush() {
    queue.requireUsable();
    try {
      CompletableFuture.runAsync(this::drain, writerThread).join();
    } catch (RejectedExecutionException e) {
      // close() came in between, and has written everything.
    }
    queue.requireNoFailure();
  }

  /**
   * Writes everything added so far and closes the file. Closing again does nothing.
   *
   * @throws EventFileException if the file could not be written, now or at an earlier call
   */
  @Override
  public void close() {
    if (!queue.close()) {
      return;
    }
    OpenWriters.remove(this);
    CompletableFuture.runAsync(this::drain, writerThread)
        .thenRunAsync(this::closeFile, writerThread)
        .join();
    writerThread.shutdown();
    queue.requireNoFailure();
  }

  /** Returns the time now as events hold it: seconds since 1970. */
  double wallTimeSeconds() {
    return clock.millis() / MILLIS_PER_SECOND;
  }

  private void start(long flushIntervalMillis) {
    OpenWriters.add(this);
    var unused =
        writerThread.scheduleWithFixedDelay(
            this::drain, flushIntervalMillis, flushIntervalMillis, TimeUnit.MILLISECONDS);
  }

  private void writeFileVersion() {
    try {
      records.write(
          Event.newBuilder()
              .setWallTime(wallTimeSeconds())
              .setFileVersion(FILE_VERSION)
              .build()
              .toByteArray());
      records.flush();
    } catch (IOException e) {
      closeFile();
      throw cannotWrite(e);
    }
  }

  /** Runs on the writing thread only, and never throws. */
  private void drain() {
    try {
      var events = queue.takeAll();
      if (!events.isEmpty()) {
        for (Supplier<Event> event : events) {
          records.write(event.get().toByteArray());
        }
        records.flush();
      }
    } catch (Throwable t) {
      // An Error too: unseen, it would end this thread and leave callers waiting for ever.
      queue.fail(cannotWrite(t));
    }
  }

  private void closeFile() {
    try {
      records.close();
    } catch (IOException e) {
      queue.fail(cannotWrite(e));
    }
  }

  private EventFileException cannotWrite(Throwable t) {
    String remedy =
        (t instanceof IOException)
            ? " Make the folder writable or free some space, then open a new writer on it."
            : " Open a new writer on its folder to go on.";
    return new EventFileException(
        "Cannot write the event file "
            + file
            + ": "
            + EventFileException.reasonOf(t)
            + ". Events added since the last flush may be missing; those before are in the file."
            + remedy,
        t);
  }

  /**
   * Options of an {@link EventFileWriter}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private static final long DEFAULT_FLUSH_INTERVAL_MILLIS = 10_000;
    private static final int DEFAULT_QUEUE_CAPACITY = 8192;
    private static final long DEFAULT_QUEUE_CAPACITY_BYTES = 64L << 20;

    private final Path folder;
    private long flushIntervalMillis = DEFAULT_FLUSH_INTERVAL_MILLIS;
    private int queueCapacity = DEFAULT_QUEUE_CAPACITY;
    private long queueCapacityBytes = DEFAULT_QUEUE_CAPACITY_BYTES;
    private InstantSource clock = Clock.systemUTC();
    private EventFiles.Opener opener = EventFiles::openNew;
    private Supplier<ScheduledExecutorService> scheduler = Builder::newWriterThread;

    private Builder(Path folder) {
      this.folder = folder;
    }

    /**
     * Sets how long an event may wait before it is in the file, in milliseconds; 10000 by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder flushIntervalMillis(long flushIntervalMillis) {
      this.flushIntervalMillis = requirePositive("flushIntervalMillis", flushIntervalMillis);
      return this;
    }

    /**
     * Sets how many events may wait before a caller has to; 8192 by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder queueCapacity(int queueCapacity) {
      this.queueCapacity = (int) requirePositive("queueCapacity", queueCapacity);
      return this;
    }

    /**
     * Sets how many bytes of text, histograms and images may wait before a caller has to; 64 MiB by
     * default. One event larger than that still passes.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder queueCapacityBytes(long queueCapacityBytes) {
      this.queueCapacityBytes = requirePositive("queueCapacityBytes", queueCapacityBytes);
      return this;
    }

    /**
     * Sets where the wall time of events and the file's name come from; the system's by default.
     */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    Builder opener(EventFiles.Opener opener) {
      this.opener = opener;
      return this;
    }

    Builder scheduler(Supplier<ScheduledExecutorService> scheduler) {
      this.scheduler = scheduler;
      return this;
    }

    /**
     * Creates the file and starts the writing thread.
     *
     * @throws EventFileException if the folder or the file cannot be created or written
     */
    public EventFileWriter open() {
      EventFileWriter writer = new EventFileWriter(this);
      writer.start(flushIntervalMillis);
      return writer;
    }

    private static long requirePositive(String name, long value) {
      if (value <= 0) {
        throw new IllegalArgumentException(name + " is " + value + "; it must be at least 1.");
      }
      return value;
    }

    private static ScheduledExecutorService newWriterThread() {
      return new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "fulgur-tensorboard-writer");
            thread.setDaemon(true);
            return thread;
          });
    }
  }
}
