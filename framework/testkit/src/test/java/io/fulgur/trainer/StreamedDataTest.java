package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.data.DataLoader;
import io.fulgur.data.Dataset;
import io.fulgur.data.IterableDataset;
import io.fulgur.module.FulgurModule;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that ends before the limit on batches, which nobody could know. */
class StreamedDataTest {
  private static final int BATCHES = 5;
  private static final int LIMIT = 8;

  private static DataLoader stream(int workers) {
    Dataset samples = BoringData.dataset(BATCHES);
    IterableDataset stream = epoch -> IntStream.range(0, BATCHES).mapToObj(samples::get).iterator();
    return DataLoader.builder(stream).workers(workers).build();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fit_streamShorterThanTheLimit_endsTheEpochAsAnyOther(int workers) {
    List<Integer> validatedAt = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onValidationEnd(Trainer trainer, FulgurModule module) {
            validatedAt.add((int) trainer.totalBatches());
          }
        };
    Trainer trainer =
        TestTrainers.quiet()
            .maxEpochs(2)
            .numSanityValSteps(0)
            .limitTrainBatches(LIMIT)
            .accumulateGradBatches(2)
            .callback(watch)
            .build();
    trainer.fit(new BoringModule(), stream(workers), BoringData.loader(1));

    assertThat(trainer.totalBatches()).isEqualTo(2 * BATCHES);
    assertThat(trainer.globalStep()).isEqualTo(6);
    assertThat(validatedAt).containsExactly(BATCHES, 2 * BATCHES);
    assertThat(trainer.lrSchedulers().get(0).steps()).isEqualTo(2);
  }

  private static float[] trained(DataLoader loader, int limit) {
    Fulgur.seedEverything(5);
    BoringModule module = new BoringModule();
    TestTrainers.quiet()
        .maxEpochs(1)
        .limitTrainBatches(limit)
        .accumulateGradBatches(4)
        .build()
        .fit(module, loader);
    return module.parameters().get(0).toFloatArray();
  }

  @Test
  void fit_streamShorterThanTheLimit_dividesTheLastWindowByItsTrueSize() {
    float[] known = trained(BoringData.loader(BATCHES), BATCHES);

    assertThat(trained(stream(0), LIMIT))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(known);
    assertThat(trained(stream(0), 6)).usingComparatorWithPrecision(1e-6f).containsExactly(known);
  }
}
