package io.fulgur.data;

import java.util.List;
import java.util.function.IntFunction;

/** A data module that makes its loaders of data sets, anew when the batch size changes. */
final class DatasetModule extends DataModule {
  private final IntFunction<LoaderModule> factory;
  private int batchSize;
  private LoaderModule loaders;

  /**
   * @param factory makes loaders of a batch size
   */
  DatasetModule(int batchSize, IntFunction<LoaderModule> factory) {
    this.factory = factory;
    this.batchSize = batchSize;
    this.loaders = factory.apply(batchSize);
  }

  /** Sets the samples of a batch; a tuner looks for a method of this name. */
  void batchSize(int samples) {
    if (samples != batchSize) {
      loaders = factory.apply(samples);
      batchSize = samples;
    }
  }

  @Override
  public DataLoader trainLoader() {
    return loaders.trainLoader();
  }

  @Override
  public List<DataLoader> validationLoaders() {
    return loaders.validationLoaders();
  }

  @Override
  public List<DataLoader> testLoaders() {
    return loaders.testLoaders();
  }

  @Override
  public List<DataLoader> predictLoaders() {
    return loaders.predictLoaders();
  }
}
