package io.fulgur.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of the Chrome trace-event format as it grows: an array of complete events ({@code "X"}),
 * and of metadata ({@code "M"}) that names the process and its threads; one event a line.
 *
 * <p>Only whole events go to the file, in blocks, so what a killed process leaves lacks nothing but
 * the closing bracket, which the format allows. When the JVM is told to end, the file is closed.
 *
 * <p>Where it cannot be written any more, that is logged and the events are dropped: a trace is not
 * worth the run. For any number of threads.
 */
final class TraceFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChromeTraceProfiler.class);
  private static final int BLOCK_BYTES = 1 << 16;
  private static final int NANOS_PER_MICRO = 1000;

  private final Path path;
  private final long maxBytes;
  private final long originNanos;
  private final long process;
  private final OutputStream file;
  private final ByteArrayOutputStream block = new ByteArrayOutputStream(2 * BLOCK_BYTES);
  private final JsonGenerator json;
  private final BitSet named = new BitSet();
  private final Thread closing = new Thread(this::close, "fulgur-trace-close");
  private long writtenBytes;
  private long dropped;
  private boolean ended;

  /** Writes what else there is to say of an event. */
  @FunctionalInterface
  interface Arguments {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Makes a file.
   *
   * @param process the number of the process
   * @param title its name
   * @param first the line of the thread that trains
   * @param originNanos the time that is 0 in the trace
   * @throws FulgurException if that is not possible
   */
  TraceFile(Path path, long process, String title, Track first, long maxBytes, long originNanos) {
    this.path = path;
    this.process = process;
    this.maxBytes = maxBytes;
    this.originNanos = originNanos;
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      json = new JsonFactory().createGenerator(block);
      json.writeStartArray();
      metadata("process_name", first.id(), title);
      name(first);
    } catch (IOException e) {
      throw new FulgurException(
          ErrorId.CANNOT_WRITE,
          "The trace %s cannot be written: %s. Give the profiler another directory."
              .formatted(path.toAbsolutePath(), e),
          e);
    }
    Runtime.getRuntime().addShutdownHook(closing);
  }

  Path path() {
    return path;
  }

  /** Adds something that took time on a thread. */
  synchronized void add(
      Track track,
      String name,
      String category,
      long startNanos,
      long endNanos,
      @Nullable Arguments arguments) {
    if (ended) {
      return;
    }
    if (writtenBytes + block.size() > maxBytes) {
      dropped++;
      return;
    }
    try {
      name(track);
      event(track.id(), name, category, startNanos, endNanos, arguments);
      if (block.size() > BLOCK_BYTES) {
        writeBlock();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Says once how a line is called and where it stands. */
  private void name(Track track) throws IOException {
    if (named.get(track.index())) {
      return;
    }
    named.set(track.index());
    metadata("thread_name", track.id(), track.name());
    json.writeRaw('\n');
    begin("thread_sort_index", "M", track.id());
    json.writeObjectFieldStart("args");
    json.writeNumberField("sort_index", track.index());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void metadata(String what, long thread, String name) throws IOException {
    json.writeRaw('\n');
    begin(what, "M", thread);
    json.writeObjectFieldStart("args");
    json.writeStringField("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void event(
      long thread,
      String name,
      String category,
      long startNanos,
      long endNanos,
      @Nullable Arguments arguments)
      throws IOException {
    long start = Math.max(startNanos, originNanos);
    json.writeRaw('\n');
    begin(name, "X", thread);
    json.writeStringField("cat", category);
    json.writeFieldName("ts");
    json.writeNumber(micros(start - originNanos));
    json.writeFieldName("dur");
    json.writeNumber(micros(Math.max(0, endNanos - start)));
    if (arguments != null) {
      json.writeObjectFieldStart("args");
      arguments.write(json);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void begin(String name, String phase, long thread) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("ph", phase);
    json.writeNumberField("pid", process);
    json.writeNumberField("tid", thread);
  }

  /** Returns microseconds with all three digits behind the point, never with an exponent. */
  private static String micros(long nanos) {
    String rest = Long.toString(NANOS_PER_MICRO + nanos % NANOS_PER_MICRO);
    return nanos / NANOS_PER_MICRO + "." + rest.substring(1);
  }

  private void writeBlock() throws IOException {
    json.flush();
    writtenBytes += block.size();
    block.writeTo(file);
    block.reset();
  }

  private void fail(IOException cause) {
    ended = true;
    LOG.warn("The trace {} cannot be written any more, and ends here: {}", path, cause.toString());
  }

  /** Writes what is left and the closing bracket. Does nothing the second time. */
  @Override
  public void close() {
    finish();
    if (Thread.currentThread() != closing) {
      try {
        Runtime.getRuntime().removeShutdownHook(closing);
      } catch (IllegalStateException e) {
        // The JVM ends, and the hook finds the file closed.
      }
    }
  }

  private synchronized void finish() {
    try (file) {
      if (!ended) {
        ended = true;
        json.close();
        block.write('\n');
        block.writeTo(file);
      }
    } catch (IOException e) {
      fail(e);
    }
    if (dropped > 0) {
      LOG.warn(
          "The trace {} has reached {} bytes; {} more events are left out. Record fewer steps with a"
              + " ProfilerSchedule, or raise maxBytes",
          path,
          maxBytes,
          dropped);
      dropped = 0;
    }
  }
}
