package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.contestant.ClassificationData;
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

  private static final int LOSS_STEPS = ClassificationData.FEATURE_BATCHES;
  private static final int MIN_BURST_STEPS = 10;
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

    /** Starts it; empty if it does not have the model. */
    Optional<Participant> start(String model);
  }

  /** Runs all rounds; those that do not have the model are left out of the result. */
  Results.OfModel run(String model, String about, List<? extends Entrant> entrants) {
    List<Competitor> competitors = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        progress.accept(model + ": warming up " + entrant.name());
        Competitor competitor = new Competitor(entrant);
        if (competitor.start(model)) {
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
    List<Double> baseline = baseline(competitors);
    return new Results.OfModel(
        model, about, competitors.stream().map(competitor -> competitor.result(baseline)).toList());
  }

  /** The median of the fastest baseline in each round; ends with the first round without one. */
  private List<Double> baseline(List<Competitor> competitors) {
    List<Double> fastest = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      int index = round;
      OptionalDouble nanos =
          competitors.stream()
              .filter(competitor -> settings.baselines().contains(competitor.entrant.name()))
              .filter(competitor -> index < competitor.rounds.size())
              .mapToDouble(competitor -> competitor.rounds.get(index).medianNanos())
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
    private @Nullable String failure;

    Competitor(Entrant entrant) {
      this.entrant = entrant;
    }

    boolean start(String model) {
      try {
        Optional<Participant> started = entrant.start(model);
        if (started.isEmpty()) {
          progress.accept(model + ": " + entrant.name() + " does not have it");
          return false;
        }
        Participant present = started.get();
        participant = present;
        details = present.details();
        lossBefore = present.loss(LOSS_STEPS);
        double stepNanos = present.warmUp(settings.warmUpMillis()).meanNanos();
        steps = (int) Math.max(MIN_BURST_STEPS, settings.burstMillis() * 1e6 / stepNanos);
      } catch (ContestantException e) {
        fail(e);
      }
      return true;
    }

    void takeTurn() {
      pauseMillis.accept(settings.pauseMillis());
      attempt(present -> rounds.add(present.run(/* leadIn= */ steps / LEAD_IN_DIVISOR, steps)));
    }

    void finish() {
      attempt(present -> lossAfter = present.loss(LOSS_STEPS));
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

    Results.OfContestant result(List<Double> baseline) {
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < Math.min(rounds.size(), baseline.size()); round++) {
        ratios.add(rounds.get(round).medianNanos() / baseline.get(round));
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
          failure);
    }
  }
}
