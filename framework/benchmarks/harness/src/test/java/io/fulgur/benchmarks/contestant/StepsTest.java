package io.fulgur.benchmarks.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.benchmarks.protocol.Channel;
import io.fulgur.benchmarks.protocol.Command;
import io.fulgur.benchmarks.protocol.Reply;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepsTest {
  private final StringWriter replies = new StringWriter();
  private final List<Integer> trained = new ArrayList<>();
  private long now = 1_000;
  private long allocated = 5_000;
  private double loss;

  @Test
  void next_noCommands_ends() {
    assertThat(train(steps())).isEmpty();
  }

  @Test
  void next_run_measuresEachStepAfterTheLeadIn() {
    // Lead-in 100 and 200; measured 10, 40, 20, 30.
    long[] nanos = {100, 200, 10, 40, 20, 30};

    List<Reply> answers = train(steps(new Command.Run(2, 4)), nanos);

    assertThat(trained).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(answers)
        .containsExactly(
            new Reply.Burst(
                4,
                /* medianNanos= */ 25,
                /* meanNanos= */ 25,
                /* minNanos= */ 10,
                /* allocatedBytesPerStep= */ 8));
  }

  @Test
  void next_oddNumberOfSteps_takesTheMiddleOneAsMedian() {
    long[] nanos = {10, 500, 30};

    assertThat(train(steps(new Command.Run(0, 3)), nanos))
        .containsExactly(new Reply.Burst(3, 30, 180, 10, 8));
  }

  @Test
  void next_warmUp_endsWithTheStepThatPassesTheTime() {
    long[] nanos = {400_000, 400_000, 400_000, 400_000};

    assertThat(train(steps(new Command.WarmUp(1)), nanos))
        .containsExactly(new Reply.Burst(3, 400_000, 400_000, 400_000, 8));
  }

  @Test
  void next_measureLoss_averagesTheLossOfEachEndedStep() {
    assertThat(train(steps(new Command.MeasureLoss(4)), 1, 1, 1, 1))
        .containsExactly(new Reply.Loss((1 + 2 + 3 + 4) / 4.0));
  }

  @Test
  void next_severalCommands_countsStepsOn() {
    List<Reply> answers =
        train(steps(new Command.Run(0, 2), new Command.MeasureLoss(1)), 10, 10, 10);

    assertThat(trained).containsExactly(0, 1, 2);
    assertThat(answers).containsExactly(new Reply.Burst(2, 10, 10, 10, 8), new Reply.Loss(3));
  }

  @Test
  void next_pauseBetweenBursts_isNotMeasured() {
    Reader slow =
        new FilterReader(new StringReader(written(new Command.Run(0, 1), new Command.Run(0, 1)))) {
          @Override
          public int read(char[] buffer, int offset, int length) throws IOException {
            now += 1_000_000;
            return super.read(buffer, offset, Math.min(length, 20));
          }
        };
    Channel channel = new Channel(new BufferedReader(slow), replies, line -> {});
    Steps steps =
        new Steps(channel, () -> now, () -> allocated, () -> loss, StepsTest::description);

    assertThat(train(steps, 10, 20))
        .containsExactly(new Reply.Burst(1, 10, 10, 10, 8), new Reply.Burst(1, 20, 20, 20, 8));
  }

  @Test
  void next_describe_isAnsweredBetweenSteps() {
    List<Reply> answers = train(steps(new Command.Describe(), new Command.Run(0, 1)), 10);

    assertThat(answers).containsExactly(description(), new Reply.Burst(1, 10, 10, 10, 8));
  }

  @Test
  void begin_afterWaitingForData_leavesTheWaitingOut() {
    Steps steps = steps(new Command.Run(0, 2));
    while (steps.next() != Steps.END) {
      now += 1_000;
      steps.begin();
      now += 10;
      allocated += 8;
    }

    assertThat(answers()).containsExactly(new Reply.Burst(2, 10, 10, 10, 8));
  }

  private static Reply.Description description() {
    return new Reply.Description(Map.of("version", "2"), new Reply.Memory(100, 250));
  }

  private Steps steps(Command... commands) {
    return new Steps(
        channel(written(commands), replies),
        () -> now,
        () -> allocated,
        () -> loss,
        StepsTest::description);
  }

  private static String written(Command... commands) {
    StringWriter written = new StringWriter();
    for (Command command : commands) {
      channel("", written).send(command);
    }
    return written.toString();
  }

  private static Channel channel(String in, StringWriter out) {
    return new Channel(new BufferedReader(new StringReader(in)), out, line -> {});
  }

  /** Trains to the end; the steps take these times, 8 bytes each, and have the losses 1, 2, 3... */
  private List<Reply> train(Steps steps, long... nanos) {
    for (int step = steps.next(); step != Steps.END; step = steps.next()) {
      trained.add(step);
      now += nanos[step];
      allocated += 8;
      loss++;
    }
    return answers();
  }

  private List<Reply> answers() {
    Channel reader = channel(replies.toString(), new StringWriter());
    List<Reply> answers = new ArrayList<>();
    for (Reply reply = reader.receive(Reply.class);
        reply != null;
        reply = reader.receive(Reply.class)) {
      answers.add(reply);
    }
    return answers;
  }
}
