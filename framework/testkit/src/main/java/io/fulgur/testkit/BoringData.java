package io.fulgur.testkit;

import io.fulgur.data.ArrayDataset;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.tensor.Generator;

/**
 * Random data for {@link BoringModule}: by default 64 batches of one sample for each purpose, the
 * same at every call.
 *
 * @since 0.1
 */
public final class BoringData {
  /** The name of the features in a batch. */
  public static final String FEATURES = "features";

  /** The number of batches of each default loader. */
  public static final int BATCHES = 64;

  private BoringData() {}

  /** Returns samples drawn from the standard normal distribution. */
  public static Dataset dataset(int samples) {
    Generator generator = new Generator(1);
    float[] values = new float[samples * BoringModule.FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) generator.nextGaussian();
    }
    return ArrayDataset.of(FEATURES, HostArray.of(values, samples, BoringModule.FEATURES));
  }

  /** Returns a loader of that many batches of one sample, in order. */
  public static DataLoader loader(int batches) {
    return DataLoader.builder(dataset(batches)).build();
  }

  /** Returns loaders of 64 batches for every purpose. */
  public static DataModule module() {
    return module(BATCHES, BATCHES);
  }

  /** Returns loaders of that many batches; the test and what is predicted are as validation. */
  public static DataModule module(int trainingBatches, int validationBatches) {
    return DataModule.builder()
        .train(loader(trainingBatches))
        .validation(loader(validationBatches))
        .test(loader(validationBatches))
        .predict(loader(validationBatches))
        .build();
  }
}
