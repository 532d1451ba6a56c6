package io.fulgur.benchmarks.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a contestant tells the driver. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = Reply.Burst.class, name = "burst"),
  @JsonSubTypes.Type(value = Reply.Loss.class, name = "loss"),
  @JsonSubTypes.Type(value = Reply.Description.class, name = "description"),
  @JsonSubTypes.Type(value = Reply.Unsupported.class, name = "unsupported"),
  @JsonSubTypes.Type(value = Reply.Failed.class, name = "failed"),
})
public sealed interface Reply {

  /** The first reply: the framework has started and has its batches. */
  record Ready() implements Reply {}

  /**
   * The times of consecutive training steps, in nanoseconds.
   *
   * @param steps how many steps were measured
   * @param medianNanos the median of a step's time; steps that met a garbage collection or another
   *     process do not move it
   * @param meanNanos the whole time divided by the steps, garbage collections included
   * @param minNanos the fastest step
   * @param allocatedBytesPerStep Java heap allocated by the training thread, for each step
   */
  record Burst(
      int steps, double medianNanos, double meanNanos, long minNanos, double allocatedBytesPerStep)
      implements Reply {}

  /** The mean loss over the steps asked for. */
  record Loss(double mean) implements Reply {}

  /**
   * What a contestant says about itself.
   *
   * @param details versions, threads in use, what else a reader of the numbers has to know
   * @param memory null where the system does not tell
   */
  record Description(Map<String, String> details, @Nullable Memory memory) implements Reply {}

  /**
   * The resident memory of a contestant's whole process.
   *
   * @param beforeBytes before the model was made, without garbage
   * @param peakBytes the greatest since then
   */
  record Memory(long beforeBytes, long peakBytes) {

    /** What the model and its training took. */
    public long growthBytes() {
      return peakBytes - beforeBytes;
    }
  }

  /** The first and only reply of a contestant that does not have the model. */
  record Unsupported() implements Reply {}

  /** The last reply of a contestant that threw; the stack trace is in its log. */
  record Failed(String message) implements Reply {}
}
