package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.benchmarks.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final List<String> events = new ArrayList<>();

  private Results.OfModel compare(int rounds, Fake... contestants) {
    return compare(
        rounds,
        new ModelDescription("an MLP", 64, null, null, null, null, null, null),
        contestants);
  }

  private Results.OfModel compare(int rounds, ModelDescription model, Fake... contestants) {
    Settings settings = new Settings(rounds, 1_000, 100, 50);
    return new Comparison(settings, millis -> events.add("pause " + millis), line -> {})
        .run("mlp", model, List.of("base", "base2"), List.of(contestants));
  }

  @Test
  void run_threeRounds_rotatesWhoBegins() {
    compare(3, new Fake("a", 1e6), new Fake("b", 1e6), new Fake("base", 1e6));

    assertThat(events.stream().filter(event -> event.startsWith("run")))
        .containsExactly(
            "run a",
            "run b",
            "run base",
            "run b",
            "run base",
            "run a",
            "run base",
            "run a",
            "run b");
  }

  @Test
  void run_eachTurn_comesAfterAPause() {
    compare(1, new Fake("a", 1e6), new Fake("base", 1e6));

    assertThat(events).containsSubsequence("pause 50", "run a", "pause 50", "run base");
  }

  @Test
  void run_burst_isAsLongAsAskedForByTheWarmUpsMean() {
    Fake fake = new Fake("a", 1e6);
    Fake slow = new Fake("slow", 5e7);

    compare(1, fake, slow);

    assertThat(fake.steps).isEqualTo(100);
    assertThat(fake.leadIn).isEqualTo(5);
    assertThat(slow.leadIn).isEqualTo(1);
    assertThat(slow.steps).isEqualTo(3);
  }

  @Test
  void run_ratios_areOfTheSameRound() {
    Fake base = new Fake("base", 1e6, 100, 400);
    Fake other = new Fake("other", 1e6, 50, 100);

    Results.OfModel result = compare(2, base, other);

    assertThat(result.contestants().get(0).ratios()).containsExactly(1.0, 1.0);
    assertThat(result.contestants().get(1).ratios()).containsExactly(0.5, 0.25);
  }

  @Test
  void run_twoBaselines_dividesByTheFasterOfEachRound() {
    Fake base = new Fake("base", 1e6, 100, 400, 100);
    Fake base2 = new Fake("base2", 1e6, 200, 100);
    Fake other = new Fake("other", 1e6, 50, 50, 50);

    Results.OfModel result = compare(3, base, base2, other);

    assertThat(result.contestants().get(0).ratios()).containsExactly(1.0, 4.0, 1.0);
    assertThat(result.contestants().get(1).ratios()).containsExactly(2.0, 1.0);
    assertThat(result.contestants().get(2).ratios()).containsExactly(0.5, 0.5, 0.5);
  }

  @Test
  void run_added_isTheDifferenceInTheSameRound() {
    Fake base = new Fake("base", 1e6, 100, 400);
    Fake other = new Fake("other", 1e6, 150, 100);

    Results.OfModel result = compare(2, base, other);

    assertThat(result.contestants().get(1).addedNanos()).containsExactly(50.0, -300.0);
    assertThat(result.contestants().get(1).added()).hasValue(-125);
  }

  @Test
  void run_comparedByTheMean_takesTheMeanOfEachRound() {
    ModelDescription model =
        new ModelDescription("an MLP", 64, null, null, null, null, Statistic.MEAN, null);

    Results.OfModel result = compare(1, model, new Fake("base", 1e6, 100), new Fake("b", 1e6, 50));

    assertThat(result.contestants().get(1).ratios()).containsExactly(60.0 / 110);
  }

  @Test
  void run_noBaseline_hasNoRatios() {
    assertThat(compare(1, new Fake("other", 1e6)).contestants().get(0).ratios()).isEmpty();
  }

  @Test
  void run_losses_areThoseOfTheFirstAndOfTheLastOfTheModelsSteps() {
    Results.OfContestant result = compare(1, new Fake("base", 1e6)).contestants().get(0);

    assertThat(events)
        .containsExactly(
            "start base mlp",
            "loss base",
            "train base 32",
            "loss base",
            "warm up base 968",
            "pause 50",
            "run base",
            "describe base",
            "close base");
    assertThat(result.lossBefore()).isEqualTo(2);
    assertThat(result.lossAfter()).isEqualTo(1);
    assertThat(result.details()).isEqualTo(Map.of("threads", "2"));
    assertThat(result.peakBytes()).isEqualTo(500);
    assertThat(result.memory()).isNull();
  }

  @Test
  void run_aLongTraining_leavesATurnsTimeToWarmUp() {
    compare(1, new Fake("base", 1e8));

    assertThat(events).contains("warm up base 100");
  }

  @Test
  void run_memoryAskedFor_isMeasuredInAProcessOfItsOwn() {
    ModelDescription model =
        new ModelDescription("an MLP", 64, null, null, null, Map.of(), null, null);
    Results.OfContestant result = compare(1, model, new Fake("base", 1e6)).contestants().get(0);

    assertThat(events)
        .containsSubsequence(
            "warm up base 968",
            "start base for memory",
            "train base for memory 16",
            "describe base for memory",
            "close base for memory",
            "run base");
    assertThat(result.memory()).isEqualTo(new Reply.Memory(100, 500));
  }

  @Test
  void run_aContestantWithoutTheModel_isLeftOut() {
    Fake missing = new Fake("missing", 1e6);
    missing.supported = false;

    assertThat(compare(1, missing, new Fake("base", 1e6)).contestants())
        .extracting(Results.OfContestant::name)
        .containsExactly("base");
  }

  @Test
  void run_aContestantThatFails_keepsItsRoundsAndStopsNoOther() {
    Fake failing = new Fake("failing", 1e6, 300);

    Results.OfModel result = compare(2, failing, new Fake("base", 1e6, 100, 100));

    Results.OfContestant failed = result.contestants().get(0);
    assertThat(failed.failure()).isEqualTo("out of turns");
    assertThat(failed.ratios()).containsExactly(3.0);
    assertThat(failed.lossAfter()).isEqualTo(1);
    assertThat(failed.peakBytes()).isNull();
    assertThat(result.contestants().get(1).rounds()).hasSize(2);
    assertThat(events).containsOnlyOnce("close failing").containsOnlyOnce("close base");
  }

  @Test
  void run_aContestantThatDoesNotStart_isReported() {
    Fake failing = new Fake("failing", 1e6);
    failing.startFailure = new ContestantException("no native library");

    Results.OfModel result = compare(1, failing, new Fake("base", 1e6));

    assertThat(result.contestants().get(0).failure()).isEqualTo("no native library");
    assertThat(result.contestants().get(0).rounds()).isEmpty();
    assertThat(result.contestants().get(1).failure()).isNull();
  }

  /** Has steps of {@code warmUpNanos} and then, a turn each, of {@code turnNanos}. */
  private final class Fake implements Comparison.Entrant, Participant {
    private final String name;
    private final double warmUpNanos;
    private final Deque<Double> turnNanos = new ArrayDeque<>();
    private final boolean endless;
    private boolean supported = true;
    private ContestantException startFailure;
    private double loss = 3;
    private int leadIn;
    private int steps;

    Fake(String name, double warmUpNanos, double... turnNanos) {
      this.name = name;
      this.warmUpNanos = warmUpNanos;
      this.endless = turnNanos.length == 0;
      for (double nanos : turnNanos) {
        this.turnNanos.add(nanos);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ContestantDescription description() {
      return new ContestantDescription("m", "Main", "about", Map.of(), List.of());
    }

    @Override
    public Optional<Participant> start(String model) {
      events.add("start " + name + " " + model);
      if (startFailure != null) {
        throw startFailure;
      }
      return supported ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Optional<Participant> startForMemory(String model) {
      events.add("start " + name + " for memory");
      return Optional.of(new Fake(name + " for memory", warmUpNanos));
    }

    @Override
    public Reply.Description describe() {
      events.add("describe " + name);
      return new Reply.Description(Map.of("threads", "2"), new Reply.Memory(100, 500));
    }

    @Override
    public Reply.Burst warmUp(long millis) {
      events.add("warm up " + name + " " + millis);
      return new Reply.Burst(1, /* medianNanos= */ 1, /* meanNanos= */ warmUpNanos, 1, 0);
    }

    @Override
    public Reply.Burst run(int leadInSteps, int measuredSteps) {
      if (leadInSteps == 0) {
        events.add("train " + name + " " + measuredSteps);
        return new Reply.Burst(measuredSteps, warmUpNanos, warmUpNanos, 1, 0);
      }
      events.add("run " + name);
      leadIn = leadInSteps;
      steps = measuredSteps;
      if (!endless && turnNanos.isEmpty()) {
        throw new ContestantException("out of turns");
      }
      double nanos = endless ? warmUpNanos : turnNanos.remove();
      return new Reply.Burst(measuredSteps, nanos, /* meanNanos= */ nanos + 10, 1, 0);
    }

    @Override
    public double loss(int lossSteps) {
      events.add("loss " + name);
      return --loss;
    }

    @Override
    public void close() {
      events.add("close " + name);
    }
  }
}
