package io.fulgur.tensorboard;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tensorflow.proto.Summary;

/**
 * Writes what TensorBoard shows of a run: scalars, text, histograms, images and hyperparameters.
 *
 * <pre>{@code
 * try (SummaryWriter writer = SummaryWriter.open(Path.of("runs/digits"))) {
 *   writer.addScalar("loss", 0.25, step);
 * }
 * }</pre>
 *
 * <p>A point belongs to a <em>tag</em>, the name of its chart ({@code /} makes groups), and to a
 * <em>step</em>. Adding is cheap: messages are built and written by another thread, as {@link
 * EventFileWriter} describes. All methods may be called from any thread, and every one of them
 * throws
 *
 * <ul>
 *   <li>{@link EventFileException} if the file could not be written, now or earlier,
 *   <li>{@link IllegalStateException} if this writer is closed,
 *   <li>{@link IllegalArgumentException} if a tag is blank.
 * </ul>
 *
 * @since 0.1
 */
public final class SummaryWriter implements AutoCloseable {
  private static final int DEFAULT_BUCKETS = 30;

  private final EventFileWriter events;
  private final AtomicBoolean hparamsAdded = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Writes to an event file that is already open, and closes it when closed itself.
   *
   * @param events where the summaries go
   */
  public SummaryWriter(EventFileWriter events) {
    this.events = events;
  }

  /**
   * Creates an event file in a folder, with the defaults of {@link EventFileWriter.Builder}.
   *
   * @param folder the run's folder, which is created where it is missing
   * @throws EventFileException if the folder or the file cannot be created or written
   */
  public static SummaryWriter open(Path folder) {
    return new SummaryWriter(EventFileWriter.open(folder));
  }

  /** Names the event file. */
  public Path file() {
    return events.file();
  }

  /**
   * Adds a point to a chart, with the time of now.
   *
   * @param value stored as float32; NaN and infinities are shown as such
   */
  public void addScalar(String tag, double value, long step) {
    addScalar(tag, value, step, events.wallTimeSeconds());
  }

  /**
   * Adds a point to a chart.
   *
   * @param value stored as float32; NaN and infinities are shown as such
   * @param wallTimeSeconds when the point was measured, in seconds since 1970
   */
  public void addScalar(String tag, double value, long step, double wallTimeSeconds) {
    requireTag(tag);
    float stored = (float) value;
    events.add(
        () -> Summaries.event(wallTimeSeconds, step, Summaries.scalar(tag, stored)),
        /* payloadBytes= */ 0);
  }

  /**
   * Adds a point to each of several charts, in one record.
   *
   * <p>Unlike {@code torch.utils.tensorboard.SummaryWriter.add_scalars}, which opens a run for
   * every value to draw them in one chart, this is only a faster way to add many.
   *
   * @param values the value by tag, each stored as float32
   */
  public void addScalars(Map<String, ? extends Number> values, long step) {
    if (values.isEmpty()) {
      return;
    }
    // Copied, because the caller's map may change before the writing thread gets to it.
    List<String> tags = new ArrayList<>(values.size());
    float[] stored = new float[values.size()];
    values.forEach(
        (tag, value) -> {
          stored[tags.size()] = (float) value.doubleValue();
          tags.add(requireTag(tag));
        });
    addScalars(tags, stored, step);
  }

  /**
   * Adds a point to each of several charts, in one record.
   *
   * @param tags the charts; not changed by the caller afterwards
   * @param values as many, each stored as float32; copied
   */
  public void addScalars(List<String> tags, double[] values, long step) {
    float[] stored = new float[tags.size()];
    for (int i = 0; i < stored.length; i++) {
      requireTag(tags.get(i));
      stored[i] = (float) values[i];
    }
    if (stored.length > 0) {
      addScalars(tags, stored, step);
    }
  }

  private void addScalars(List<String> tags, float[] stored, long step) {
    double wallTimeSeconds = events.wallTimeSeconds();
    events.add(
        () -> {
          Summary.Builder summary = Summary.newBuilder();
          for (int i = 0; i < stored.length; i++) {
            summary.addValue(Summaries.scalar(tags.get(i), stored[i]));
          }
          return Summaries.event(wallTimeSeconds, step, summary);
        },
        /* payloadBytes= */ 0);
  }

  /**
   * Adds a text.
   *
   * @param markdown what TensorBoard renders as Markdown
   */
  public void addText(String tag, String markdown, long step) {
    requireTag(tag);
    double wallTimeSeconds = events.wallTimeSeconds();
    events.add(
        () -> Summaries.event(wallTimeSeconds, step, Summaries.text(tag, markdown)),
        markdown.length());
  }

  /**
   * Adds the distribution of values, in 30 buckets.
   *
   * @param values counted before this returns; NaN and infinities are left out
   */
  public void addHistogram(String tag, float[] values, long step) {
    addHistogram(tag, values, step, DEFAULT_BUCKETS);
  }

  /**
   * Adds the distribution of values.
   *
   * <p>Buckets are equally wide between the least and the greatest value, and stored as a float64
   * tensor {@code [buckets, 3]} of left edge, right edge and count.
   *
   * @param values counted before this returns; NaN and infinities are left out
   * @throws IllegalArgumentException if {@code buckets} is not positive
   */
  public void addHistogram(String tag, float[] values, long step, int buckets) {
    requireTag(tag);
    if (buckets <= 0) {
      throw new IllegalArgumentException("buckets is " + buckets + "; it must be at least 1.");
    }
    Histogram histogram = Histogram.of(values, buckets);
    double wallTimeSeconds = events.wallTimeSeconds();
    events.add(
        () -> Summaries.event(wallTimeSeconds, step, Summaries.histogram(tag, histogram)),
        (long) buckets * Long.BYTES);
  }

  /**
   * Adds an image.
   *
   * @param png a PNG file; copied, so the array may be used again
   * @param width in pixels
   * @param height in pixels
   * @throws IllegalArgumentException if the bytes are not a PNG image of this size
   */
  public void addImage(String tag, byte[] png, int width, int height, long step) {
    requireTag(tag);
    PngHeader.check(png, width, height);
    ByteString copy = ByteString.copyFrom(png);
    double wallTimeSeconds = events.wallTimeSeconds();
    events.add(
        () -> Summaries.event(wallTimeSeconds, step, Summaries.image(tag, copy, width, height)),
        png.length);
  }

  /**
   * Makes the run a row of the hparams dashboard. How the run ends is added by {@link
   * #close(SessionStatus)}.
   *
   * <p>Booleans and numbers are stored as such. Everything else becomes its string, so do NaN and
   * infinities, which the dashboard cannot show, and longs beyond ±2⁵³, which it would round.
   *
   * @param hparams the value of each hyperparameter by name
   * @param metricTags the scalars to show beside them, whether added yet or not
   * @throws IllegalStateException if this writer has had hyperparameters already: TensorBoard reads
   *     only the first of a run
   */
  public void addHparams(Map<String, ?> hparams, Collection<String> metricTags) {
    metricTags.forEach(SummaryWriter::requireTag);
    hparams.keySet().forEach(SummaryWriter::requireTag);
    if (!hparamsAdded.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "The event file "
              + file()
              + " holds hyperparameters already, and TensorBoard reads only the first of a run."
              + " Add all of them in one call.");
    }
    double now = events.wallTimeSeconds();
    // Built here rather than by the writing thread: the values are the caller's, and may change.
    events.add(Summaries.event(now, 0, HparamsSummaries.experiment(hparams, metricTags, now)));
    events.add(Summaries.event(now, 0, HparamsSummaries.sessionStart(hparams, now)));
  }

  /**
   * Makes the run a row of the hparams dashboard, and adds the metrics' first values at step 0, so
   * that the row is shown before training has logged any.
   *
   * @param hparams the value of each hyperparameter by name, as {@link #addHparams(Map,
   *     Collection)}
   * @param initialMetrics the first value of each metric by tag
   * @throws IllegalStateException if this writer has had hyperparameters already
   */
  public void addHparams(Map<String, ?> hparams, Map<String, Double> initialMetrics) {
    addHparams(hparams, initialMetrics.keySet());
    addScalars(initialMetrics, 0);
  }

  /**
   * Writes everything added so far to the file, and waits for it.
   *
   * @throws EventFileException if the file could not be written
   */
  public void flush() {
    events.flush();
  }

  /** Closes the file as {@link #close(SessionStatus)} does with {@link SessionStatus#SUCCESS}. */
  @Override
  public void close() {
    close(SessionStatus.SUCCESS);
  }

  /**
   * Adds how the run ended, if it has hyperparameters, writes everything and closes the file.
   * Closing again does nothing.
   *
   * @throws EventFileException if the file could not be written, now or at an earlier call
   */
  public void close(SessionStatus status) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (events) {
      if (hparamsAdded.get()) {
        double now = events.wallTimeSeconds();
        events.add(Summaries.event(now, 0, HparamsSummaries.sessionEnd(status, now)));
      }
    }
  }

  private static String requireTag(String tag) {
    if (tag.isBlank()) {
      throw new IllegalArgumentException(
          "A tag or name is blank: TensorBoard shows nothing for it.");
    }
    return tag;
  }
}
