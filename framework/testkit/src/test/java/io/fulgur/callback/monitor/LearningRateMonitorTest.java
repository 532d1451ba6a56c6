package io.fulgur.callback.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.optimizer.Adagrad;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.RecordingLogger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateMonitorTest {
  /** Optimizers with the names of their groups, and what their rates are called. */
  private static Stream<Arguments> plans() {
    return Stream.of(
        Arguments.of(List.of("SGD"), "lr-SGD"),
        Arguments.of(List.of("Adam", "Adam"), "lr-Adam lr-Adam-1"),
        Arguments.of(List.of("Adam", "SGD"), "lr-Adam lr-SGD"),
        Arguments.of(List.of("Adam:,"), "lr-Adam/pg1 lr-Adam/pg2"),
        Arguments.of(List.of("Adam:,head"), "lr-Adam/pg1 lr-Adam/head"),
        Arguments.of(List.of("SGD", "SGD:,"), "lr-SGD lr-SGD-1/pg1 lr-SGD-1/pg2"));
  }

  private static Optimizer optimizer(String description, List<Parameter> parameters) {
    String[] parts = description.split(":", 2);
    List<ParameterGroup> groups = new ArrayList<>();
    String[] names = parts.length == 1 ? new String[] {""} : parts[1].split(",", -1);
    for (int i = 0; i < names.length; i++) {
      ParameterGroup group = ParameterGroup.of(List.of(parameters.get(i)));
      groups.add(names[i].isEmpty() ? group : group.name(names[i]));
    }
    ParameterGroup[] all = groups.toArray(ParameterGroup[]::new);
    return parts[0].equals("SGD") ? SGD.of(all) : Adam.of(all);
  }

  @ParameterizedTest
  @MethodSource("plans")
  void names_plan_areUnique(List<String> optimizers, String expected) {
    List<Optimizer> made =
        optimizers.stream().map(each -> optimizer(each, new BoringModule().parameters())).toList();

    assertThat(String.join(" ", LearningRateMonitor.names(made, new ArrayList<>())))
        .isEqualTo(expected);
  }

  private static RecordingLogger fit(ScheduleInterval interval) {
    return fit(new LearningRateMonitor(interval), new BoringModule());
  }

  private static RecordingLogger fit(LearningRateMonitor monitor, BoringModule module) {
    RecordingLogger logger = new RecordingLogger();
    Trainer.builder()
        .maxEpochs(3)
        .logEveryNSteps(2)
        .logger(logger)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callback(monitor)
        .build()
        .fit(module, BoringData.module(2, 1));
    return logger;
  }

  /** Trains the weight, and the bias from the fourth batch on. */
  private static final class Thawing extends BoringModule {
    private final SGD optimizer = SGD.of(List.of(parameters().get(0))).learningRate(0.1);
    private int batches;

    @Override
    protected OptimizerPlan plan() {
      return OptimizerPlan.of(optimizer);
    }

    @Override
    protected Tensor trainingLoss(Batch batch, int batchIndex) {
      batches++;
      if (batches == 3) {
        optimizer.addGroup(ParameterGroup.of(List.of(parameters().get(1))).learningRate(0.01));
      }
      return super.trainingLoss(batch, batchIndex);
    }
  }

  @Test
  void fit_groupAddedInTheMiddle_isLoggedBesideTheOthers() {
    RecordingLogger logger = fit(new LearningRateMonitor(), new Thawing());

    assertThat(logger.entries("lr-SGD")).hasSize(1);
    assertThat(logger.entries("lr-SGD/pg1"))
        .hasSize(2)
        .allSatisfy(
            entry ->
                assertThat(entry.values())
                    .containsEntry("lr-SGD/pg1", 0.1)
                    .containsEntry("lr-SGD/pg2", 0.01)
                    .doesNotContainKey("lr-SGD"));
  }

  private static List<Double> rates(RecordingLogger logger) {
    return logger.entries("lr-SGD").stream().map(entry -> entry.values().get("lr-SGD")).toList();
  }

  @Test
  void fit_steps_logsWhenLoggersAreDue() {
    RecordingLogger logger = fit(ScheduleInterval.STEP);

    assertThat(rates(logger)).hasSize(3);
    assertThat(logger.entries("lr-SGD").stream().map(RecordingLogger.Entry::step))
        .containsExactly(1L, 3L, 5L);
    assertThat(rates(logger).get(0)).isEqualTo(0.1);
    assertThat(rates(logger).get(1)).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void fit_epochs_logsTheRateWithWhichEachBegan() {
    assertThat(rates(fit(ScheduleInterval.EPOCH))).hasSize(3).first().isEqualTo(0.1);
  }

  /** Trains with an optimizer of one's own. */
  private static BoringModule with(Function<List<Parameter>, Optimizer> optimizer) {
    return new BoringModule() {
      @Override
      protected OptimizerPlan plan() {
        return OptimizerPlan.of(optimizer.apply(parameters()));
      }
    };
  }

  private static LearningRateMonitor everything() {
    return LearningRateMonitor.builder()
        .prefix("optim/")
        .logMomentum(true)
        .logWeightDecay(true)
        .build();
  }

  @Test
  void fit_everything_logsMomentumAndWeightDecayUnderThePrefix() {
    BoringModule module =
        with(parameters -> SGD.of(parameters).learningRate(0.1).momentum(0.9).weightDecay(0.01));

    assertThat(fit(everything(), module).entries("optim/lr-SGD").get(0).values())
        .containsEntry("optim/lr-SGD", 0.1)
        .containsEntry("optim/lr-SGD-momentum", 0.9)
        .containsEntry("optim/lr-SGD-weight_decay", 0.01);
  }

  @Test
  void fit_everythingOfAdam_takesTheFirstBetaForMomentum() {
    BoringModule module = with(parameters -> Adam.of(parameters).betas(0.8, 0.9));

    assertThat(fit(everything(), module).entries("optim/lr-Adam").get(0).values())
        .containsEntry("optim/lr-Adam-momentum", 0.8)
        .containsEntry("optim/lr-Adam-weight_decay", 0.0);
  }

  @Test
  void fit_momentumOfAnOptimizerWithout_isZero() {
    BoringModule module = with(parameters -> Adagrad.of(parameters).learningRate(0.1));

    assertThat(fit(everything(), module).entries("optim/lr-Adagrad").get(0).values())
        .containsEntry("optim/lr-Adagrad-momentum", 0.0);
  }
}
