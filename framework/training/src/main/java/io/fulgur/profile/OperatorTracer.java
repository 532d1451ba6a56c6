package io.fulgur.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.OperatorObserver;
import io.fulgur.tensor.View;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Times the operators and copies of one thread, which nest as composed ones have parts. */
final class OperatorTracer implements OperatorObserver {
  private static final String OPERATOR = "operator";
  private static final String COPY = "copy";
  private static final String TO_DEVICE = "copy host to device";
  private static final String TO_HOST = "copy device to host";

  private final Sink sink;
  private final LongSupplier clock;
  private final boolean recordShapes;
  private long[] starts = new long[8];
  private long[] inside = new long[8];
  private int depth;
  private boolean copyToDevice;
  private long copyBytes;

  /** Takes what was timed. */
  @FunctionalInterface
  interface Sink {
    void take(
        String name,
        String category,
        long startNanos,
        long endNanos,
        long selfNanos,
        TraceFile.@Nullable Arguments arguments);
  }

  OperatorTracer(Sink sink, LongSupplier clock, boolean recordShapes) {
    this.sink = sink;
    this.clock = clock;
    this.recordShapes = recordShapes;
  }

  @Override
  public boolean called(OpCall call) {
    begin();
    return false;
  }

  @Override
  public void returned(OpCall call) {
    end(call.operator().name(), OPERATOR, recordShapes ? json -> writeShapes(json, call) : null);
  }

  @Override
  public void copying(boolean toDevice, long sizeBytes) {
    copyToDevice = toDevice;
    copyBytes = sizeBytes;
    begin();
  }

  @Override
  public void copied() {
    long bytes = copyBytes;
    end(copyToDevice ? TO_DEVICE : TO_HOST, COPY, json -> json.writeNumberField("bytes", bytes));
  }

  private void begin() {
    if (depth == starts.length) {
      starts = Arrays.copyOf(starts, 2 * depth);
      inside = Arrays.copyOf(inside, 2 * depth);
    }
    inside[depth] = 0;
    starts[depth++] = clock.getAsLong();
  }

  private void end(String name, String category, TraceFile.@Nullable Arguments arguments) {
    long now = clock.getAsLong();
    long start = starts[--depth];
    long total = now - start;
    if (depth > 0) {
      inside[depth - 1] += total;
    }
    sink.take(name, category, start, now, total - inside[depth], arguments);
  }

  /** As PyTorch's profiler does. */
  private static void writeShapes(JsonGenerator json, OpCall call) throws IOException {
    json.writeArrayFieldStart("Input Dims");
    for (int i = 0; i < call.inputs(); i++) {
      View input = call.input(i);
      long[] sizes = input.shape().toArray();
      json.writeArray(sizes, 0, sizes.length);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("Input type");
    for (int i = 0; i < call.inputs(); i++) {
      json.writeString(call.input(i).dtype().name());
    }
    json.writeEndArray();
  }
}
