package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.Contestant;
import io.fulgur.benchmarks.contestant.Steps;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataLoaderBuilder;
import io.fulgur.data.HostBatch;
import java.util.Map;

/**
 * A loop that does nothing with its batches but read them, so that a step's time is what loading
 * takes.
 */
final class LoadedImages implements Contestant {
  private final DataLoader loader;
  private final int workers;
  private double firstValue;

  LoadedImages(int workers) {
    DataLoaderBuilder options =
        DataLoader.builder(DataLoaderBenchmark.Kind.IMAGES.dataset())
            .batchSize(DataLoaderBenchmark.BATCH)
            .shuffle(true)
            .seed(1);
    this.workers = workers;
    this.loader =
        workers == 0 ? options.build() : options.workers(workers).persistentWorkers(true).build();
  }

  @Override
  public void train(Steps steps) {
    while (true) {
      for (HostBatch batch : loader) {
        if (steps.next() == Steps.END) {
          return;
        }
        firstValue = batch.get("x").get(0);
        batch.recycle();
      }
    }
  }

  /** Returns what was read, as there is no loss. */
  @Override
  public double loss() {
    return firstValue;
  }

  @Override
  public Map<String, String> details() {
    return Map.of("workers", Integer.toString(workers));
  }

  @Override
  public void close() {
    loader.close();
  }
}
