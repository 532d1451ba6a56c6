package io.fulgur.benchmarks.contestant;

import io.fulgur.benchmarks.protocol.Channel;
import io.fulgur.benchmarks.protocol.Command;
import io.fulgur.benchmarks.protocol.Reply;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the steps to be trained and measures the time between them.
 *
 * <p>Not thread-safe: {@link #next()} belongs to the thread that trains.
 */
public final class Steps {
  /** Returned by {@link #next()} when training is over. */
  public static final int END = -1;

  /*
   * The contestant asks for its steps, instead of being called for each, so that a framework which
   * owns its loop is measured in that loop, in its steady state, however it is built. The
   * conversation with the driver happens inside next(), between two bursts: the contestant's
   * thread then waits on its input, without spinning, while another contestant is measured.
   */

  private static final int MAX_WARM_UP_SAMPLES = 1 << 20;

  private final Channel channel;
  private final LongSupplier nanoTime;
  private final LongSupplier allocatedBytes;
  private final DoubleSupplier loss;
  private final Supplier<Reply.Description> description;

  private @Nullable Task task;
  private int step;

  Steps(
      Channel channel,
      LongSupplier nanoTime,
      LongSupplier allocatedBytes,
      DoubleSupplier loss,
      Supplier<Reply.Description> description) {
    this.channel = channel;
    this.nanoTime = nanoTime;
    this.allocatedBytes = allocatedBytes;
    this.loss = loss;
    this.description = description;
  }

  /**
   * Ends the step before and returns the number of the next one, counted from 0 and for ever on, or
   * {@link #END}. Waits for the driver between bursts.
   */
  public int next() {
    Task running = task;
    if (running != null) {
      if (running.stepEnded(nanoTime.getAsLong())) {
        return step++;
      }
      channel.send(running.result());
    }
    Command command = channel.receive(Command.class);
    while (command instanceof Command.Describe) {
      channel.send(description.get());
      command = channel.receive(Command.class);
    }
    if (command == null) {
      task = null;
      return END;
    }
    task = start(command);
    return step++;
  }

  /**
   * Lets the time of the step begin only now, not with {@link #next()}: what was done since then,
   * such as waiting for data, is not measured.
   */
  public void begin() {
    if (task != null) {
      task.stepBegins(nanoTime.getAsLong());
    }
  }

  private Task start(Command command) {
    if (command instanceof Command.Run run) {
      return new Burst(run.leadIn(), run.steps(), Long.MAX_VALUE);
    } else if (command instanceof Command.WarmUp warmUp) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(warmUp.millis());
      return new Burst(/* leadIn= */ 0, MAX_WARM_UP_SAMPLES, nanos);
    } else if (command instanceof Command.MeasureLoss measureLoss) {
      return new LossMeasurement(measureLoss.steps());
    }
    throw new AssertionError(command);
  }

  /** What the present command asks for. */
  private interface Task {
    /** Takes note of a step's end; false if it was the last one. */
    boolean stepEnded(long now);

    void stepBegins(long now);

    Reply result();
  }

  private final class Burst implements Task {
    private final long[] nanos;
    private final long maxNanos;
    private int unmeasured;
    private int measured;
    private long allocatedAtStart;
    private long start;
    private long last;
    private long sum;

    Burst(int leadIn, int steps, long maxNanos) {
      this.nanos = new long[steps];
      this.unmeasured = leadIn;
      this.maxNanos = maxNanos;
      begin();
    }

    private void begin() {
      allocatedAtStart = allocatedBytes.getAsLong();
      start = nanoTime.getAsLong();
      last = start;
    }

    @Override
    public boolean stepEnded(long now) {
      if (unmeasured > 0) {
        if (--unmeasured == 0) {
          begin();
        }
        return true;
      }
      nanos[measured++] = now - last;
      sum += now - last;
      last = now;
      return measured < nanos.length && now - start < maxNanos;
    }

    @Override
    public void stepBegins(long now) {
      last = now;
    }

    @Override
    public Reply result() {
      double allocated = allocatedBytes.getAsLong() - allocatedAtStart;
      long[] sorted = Arrays.copyOf(nanos, measured);
      Arrays.sort(sorted);
      double median = (sorted[(measured - 1) / 2] + sorted[measured / 2]) / 2.0;
      double mean = (double) sum / measured;
      return new Reply.Burst(measured, median, mean, sorted[0], allocated / measured);
    }
  }

  private final class LossMeasurement implements Task {
    private final int steps;
    private int ended;
    private double sum;

    LossMeasurement(int steps) {
      this.steps = steps;
    }

    @Override
    public boolean stepEnded(long now) {
      sum += loss.getAsDouble();
      return ++ended < steps;
    }

    @Override
    public void stepBegins(long now) {}

    @Override
    public Reply result() {
      return new Reply.Loss(sum / ended);
    }
  }
}
