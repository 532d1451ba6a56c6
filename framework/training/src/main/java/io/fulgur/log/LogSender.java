package io.fulgur.log;

import java.util.List;

/** Sends what was gathered to the loggers: values of steps when they are due, and of epochs. */
final class LogSender {
  private final LoggerThread loggers;
  private final int logEveryNSteps;
  private final MetricStore logged;
  private final OutgoingMetrics outgoing = new OutgoingMetrics();

  /**
   * @param logEveryNSteps how often values of steps are due; 0 for never
   * @param logged where to note what was sent
   */
  LogSender(LoggerThread loggers, int logEveryNSteps, MetricStore logged) {
    this.loggers = loggers;
    this.logEveryNSteps = logEveryNSteps;
    this.logged = logged;
  }

  /** Returns whether values of steps are sent at all. */
  boolean sendsSteps() {
    return logEveryNSteps > 0;
  }

  /** Returns whether values of a step, counted from 0, are due. */
  boolean isDue(long step) {
    return sendsSteps() && (step + 1) % logEveryNSteps == 0;
  }

  /** Sends what was logged since the last step if that is due, else lets it go. */
  void sendSteps(ResultTable from, boolean due, long step, int epoch) {
    outgoing.start(step);
    List<LoggedValue> all = from.all();
    for (int i = 0; i < all.size(); i++) {
      LoggedValue value = all.get(i);
      if (value.fresh) {
        value.fresh = false;
        if (due && value.onStep && value.options.toLoggers()) {
          add(value.stepInLogged, value.latest());
        }
      }
    }
    send(epoch);
  }

  /** Sends the reduced values of an epoch. */
  void sendEpoch(List<ResultTable> from, long step, int epoch) {
    outgoing.start(step);
    for (ResultTable table : from) {
      for (LoggedValue value : table.all()) {
        if (value.hasEpochValue() && value.options.toLoggers()) {
          add(value.epochInLogged, value.reduced());
        }
      }
    }
    send(epoch);
  }

  private void add(int place, double value) {
    outgoing.add(place, logged.name(place), value);
    logged.set(place, value);
  }

  /** Keeps a value that nobody has logged for what is sent next. */
  void note(String name, double value) {
    outgoing.note(name, value);
  }

  private void send(int epoch) {
    outgoing.addNotes();
    if (outgoing.size() > 0) {
      outgoing.addEpoch(epoch);
      loggers.logMetrics(outgoing);
    }
  }
}
