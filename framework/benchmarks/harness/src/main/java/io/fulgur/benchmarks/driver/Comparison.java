package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Lets contestants train the same model by turns. */
final class Comparison {

  /*
   * A machine is never quiet: its clock rate drifts, other processes come and go, and what one
   * contestant meets in its minute another does not in the next. So all contestants live at once
   * and take turns of a fraction of a second; who begins changes from round to round; and each is
   * divided by the baseline's turn in the same round before the median is taken over the rounds.
   * There may be several baselines, as the best settings of a peer depend on how busy the machine
   * is: then the fastest of the round counts.
   */

  /** A loss is the mean over so many steps. */
  static final int LOSS_STEPS = 16;

  /** What a model takes is known after so many steps. */
  static final int MEMORY_STEPS = 16;

  private static final int MIN_BURST_STEPS = 3;
  private static final int LEAD_IN_DIVISOR = 20;

  private final Settings settings;
  private final LongConsumer pauseMillis;
  private final Consumer<String> progress;

  Comparison(Settings settings, LongConsumer pauseMillis, Consumer<String> progress) {
    this.settings = settings;
    this.pauseMillis = pauseMillis;
    this.progress = progress;
  }

  /** A contestant that is yet to be started. */
  interface Entrant {
    String name();

    ContestantDescription description();

    /** Starts it to be timed; empty if it does not have the model. */
    Optional<Participant> start(String model);

    /** Starts it so that its memory is that of its model, not of the JVM. */
    Optional<Participant> startForMemory(String model);
  }

  /** Runs all rounds; those that do not have the model are left out of the result. */
  Results.OfModel run(
      String model,
      ModelDescription description,
      List<String> baselines,
      List<? extends Entrant> entrants) {
    List<Competitor> competitors = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        progress.accept(model + ": warming up " + entrant.name());
        Competitor competitor = new Competitor(entrant);
        if (competitor.start(model, description)) {
          competitors.add(competitor);
        }
      }
      List<Competitor> order = new ArrayList<>(competitors);
      for (int round = 0; round < settings.rounds(); round++) {
        progress.accept(model + ": round " + (round + 1) + " of " + settings.rounds());
        order.forEach(Competitor::takeTurn);
        Collections.rotate(order, -1);
      }
      competitors.forEach(Competitor::finish);
    } finally {
      competitors.forEach(Competitor::close);
    }
    Statistic statistic = description.statistic();
    List<Double> fastest = fastest(competitors, baselines, statistic);
    return new Results.OfModel(
        model,
        description,
        baselines,
        competitors.stream().map(competitor -> competitor.result(fastest, statistic)).toList());
  }

  /** The step of the fastest baseline in each round; ends with the first round without one. */
  private List<Double> fastest(
      List<Competitor> competitors, List<String> baselines, Statistic statistic) {
    List<Double> fastest = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      int index = round;
      OptionalDouble nanos =
          competitors.stream()
              .filter(competitor -> baselines.contains(competitor.entrant.name()))
              .filter(competitor -> index < competitor.rounds.size())
              .mapToDouble(competitor -> statistic.nanos(competitor.rounds.get(index)))
              .min();
      if (nanos.isEmpty()) {
        break;
      }
      fastest.add(nanos.getAsDouble());
    }
    return fastest;
  }

  private final class Competitor {
    final Entrant entrant;
    final List<Reply.Burst> rounds = new ArrayList<>();
    private @Nullable Participant participant;
    private Map<String, String> details = Map.of();
    private int steps;
    private @Nullable Double lossBefore;
    private @Nullable Double lossAfter;
    private Reply.@Nullable Memory memory;
    private @Nullable Long peakBytes;
    private @Nullable String failure;

    Competitor(Entrant entrant) {
      this.entrant = entrant;
    }

    boolean start(String model, ModelDescription description) {
      try {
        Optional<Participant> started = entrant.start(model);
        if (started.isEmpty()) {
          progress.accept(model + ": " + entrant.name() + " does not have it");
          return false;
        }
        Participant present = started.get();
        participant = present;
        warmUp(present, description.steps());
        if (description.memoryTargets() != null) {
          measureMemory(model);
        }
      } catch (ContestantException e) {
        fail(e);
      }
      return true;
    }

    private void warmUp(Participant present, int untilLoss) {
      lossBefore = present.loss(LOSS_STEPS);
      Reply.Burst training = present.run(/* leadIn= */ 0, untilLoss - 2 * LOSS_STEPS);
      lossAfter = present.loss(LOSS_STEPS);
      long trainedMillis = (long) (training.meanNanos() * training.steps() / 1e6);
      long millis = Math.max(settings.burstMillis(), settings.warmUpMillis() - trainedMillis);
      double stepNanos = present.warmUp(millis).meanNanos();
      steps = (int) Math.max(MIN_BURST_STEPS, settings.burstMillis() * 1e6 / stepNanos);
    }

    private void measureMemory(String model) {
      Optional<Participant> started = entrant.startForMemory(model);
      if (started.isPresent()) {
        try (Participant present = started.get()) {
          present.run(/* leadIn= */ 0, MEMORY_STEPS);
          memory = present.describe().memory();
        }
      }
    }

    void takeTurn() {
      pauseMillis.accept(settings.pauseMillis());
      int leadIn = Math.max(1, steps / LEAD_IN_DIVISOR);
      attempt(present -> rounds.add(present.run(leadIn, steps)));
    }

    void finish() {
      attempt(
          present -> {
            Reply.Description description = present.describe();
            details = description.details();
            Reply.Memory whole = description.memory();
            peakBytes = whole == null ? null : whole.peakBytes();
          });
    }

    private void attempt(Consumer<Participant> action) {
      Participant present = participant;
      if (present != null) {
        try {
          action.accept(present);
        } catch (ContestantException e) {
          fail(e);
        }
      }
    }

    private void fail(ContestantException e) {
      progress.accept(entrant.name() + " failed: " + e.getMessage());
      failure = e.getMessage();
      close();
    }

    void close() {
      if (participant != null) {
        participant.close();
        participant = null;
      }
    }

    Results.OfContestant result(List<Double> fastest, Statistic statistic) {
      List<Double> ratios = new ArrayList<>();
      List<Double> added = new ArrayList<>();
      for (int round = 0; round < Math.min(rounds.size(), fastest.size()); round++) {
        double nanos = statistic.nanos(rounds.get(round));
        ratios.add(nanos / fastest.get(round));
        added.add(nanos - fastest.get(round));
      }
      ContestantDescription description = entrant.description();
      return new Results.OfContestant(
          entrant.name(),
          description.about(),
          description.environment(),
          description.jvmArguments(),
          details,
          lossBefore,
          lossAfter,
          List.copyOf(rounds),
          ratios,
          added,
          memory,
          peakBytes,
          failure);
    }
  }
}
