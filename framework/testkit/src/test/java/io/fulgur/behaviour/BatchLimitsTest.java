package io.fulgur.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.data.DataModule;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.trainer.Counts;
import io.fulgur.trainer.TestTrainers;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchLimitsTest {
  /** Sets options as a file would, so that {@code 1} and {@code 1.0} differ. */
  private static TrainerBuilder with(String... environment) {
    TrainerBuilder builder = TestTrainers.quiet().maxEpochs(1);
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      variables.put("FULGUR_TRAINER_" + environment[i], environment[i + 1]);
    }
    return builder.environment(variables);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 6", "10, 10", "100, 64", "0, 0"})
  void limits_evaluation_useThatMuch(String limit, int expected) {
    Counts counts = new Counts();
    Trainer trainer =
        with(
                "LIMIT_VAL_BATCHES", limit,
                "LIMIT_TEST_BATCHES", limit,
                "LIMIT_PREDICT_BATCHES", limit)
            .callback(counts)
            .build();
    FulgurModule module = new BoringModule();
    trainer.validate(module, BoringData.module());
    trainer.test(module, BoringData.module());
    trainer.predict(module, BoringData.module());

    assertThat(counts.validation[0]).isEqualTo(expected);
    assertThat(counts.test).isEqualTo(expected);
    assertThat(counts.predict).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "0.1, 6", "0.25, 16", "1.0, 64"})
  void overfitBatches_anyForm_limitsTrainingAndValidationOnly(String overfit, int expected) {
    Counts counts = new Counts();
    Trainer trainer =
        with("OVERFIT_BATCHES", overfit).limitTrainBatches(50).callback(counts).build();
    FulgurModule module = new BoringModule();
    trainer.fit(module, BoringData.module());
    trainer.test(module, BoringData.module());
    trainer.predict(module, BoringData.module());

    assertThat(counts.training).isEqualTo(expected);
    assertThat(counts.validation[0]).isEqualTo(expected);
    assertThat(counts.test).isEqualTo(64);
    assertThat(counts.predict).isEqualTo(64);
  }

  @Test
  void limits_given_saysHowTheyWereUnderstood() {
    assertThat(
            LogLines.of(
                Trainer.class,
                () -> TestTrainers.quiet().limitTrainBatches(1).limitValBatches(1.0).build()))
        .contains("limitTrainBatches is 1: 1 batch is used")
        .contains("limitValBatches is 1.0: 100 % is used")
        .doesNotContain("limitTestBatches");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 5, 4, 4", "4, 1, 1, 1", "4, 0, 0, 0", "4, 0.5, 4, 4",
    "-1, 1.0, 8, 64", "-1, 0.5, 4, 32", "-1, 1, 1, 1", "0, 1.0, 0, 0"
  })
  void numSanityValSteps_loadersOf8And64_isLimitedByTheValidation(
      int steps, String limit, int first, int second) {
    Counts counts = new Counts();
    with("LIMIT_VAL_BATCHES", limit)
        .numSanityValSteps(steps)
        .callback(counts)
        .build()
        .fit(new BoringModule(), validatedBy(8, 64));

    assertThat(counts.sanity).containsExactly(first, second);
  }

  @ParameterizedTest
  @CsvSource({"1.0, 64", "0.3, 19", "1, 1"})
  void numSanityValSteps_all_triesWhatValidationUses(String limit, int expected) {
    Counts counts = new Counts();
    with("LIMIT_VAL_BATCHES", limit)
        .numSanityValSteps(-1)
        .callback(counts)
        .build()
        .fit(new BoringModule(), validatedBy(64, 64));

    assertThat(counts.sanity).containsExactly(expected, expected);
  }

  private static DataModule validatedBy(int first, int second) {
    return DataModule.of(BoringData.loader(1), BoringData.loader(first), BoringData.loader(second));
  }
}
