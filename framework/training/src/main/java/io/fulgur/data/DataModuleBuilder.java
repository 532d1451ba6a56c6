package io.fulgur.data;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Loaders of a {@link DataModule}, each kind optional.
 *
 * <p>A data set given in place of a loader is read in batches of {@link #batchSize}, with {@link
 * #workers}, and shuffled where it is to train on; {@link io.fulgur.tune.BatchSizeFinder} can
 * change the batch size.
 *
 * @since 0.1
 */
public final class DataModuleBuilder {
  /** How data sets are read. */
  private record Reading(int batchSize, int workers) {
    DataLoaderBuilder of(Dataset dataset) {
      return DataLoader.builder(dataset).batchSize(batchSize).workers(workers);
    }
  }

  private @Nullable Function<Reading, DataLoader> train;
  private Function<Reading, List<DataLoader>> validation = reading -> List.of();
  private Function<Reading, List<DataLoader>> test = reading -> List.of();
  private Function<Reading, List<DataLoader>> predict = reading -> List.of();
  private boolean ofDatasets;
  private int batchSize = 1;
  private int workers;

  DataModuleBuilder() {}

  /** Sets the number of samples of a batch, for data sets; 1 by default. */
  public DataModuleBuilder batchSize(int samples) {
    batchSize = samples;
    return this;
  }

  /** Sets the number of threads that read beside the loop's, for data sets; 0 by default. */
  public DataModuleBuilder workers(int threads) {
    workers = threads;
    return this;
  }

  /** Sets the loader of the training data. */
  public DataModuleBuilder train(DataLoader loader) {
    train = reading -> loader;
    return this;
  }

  /** Sets the training data, which is shuffled. */
  public DataModuleBuilder train(Dataset dataset) {
    ofDatasets = true;
    train = reading -> reading.of(dataset).shuffle(true).build();
    return this;
  }

  /** Sets the loaders of the validation data. */
  public DataModuleBuilder validation(DataLoader... loaders) {
    validation = given(loaders);
    return this;
  }

  /** Sets the validation data. */
  public DataModuleBuilder validation(Dataset... datasets) {
    validation = reading(datasets);
    return this;
  }

  /** Sets the loaders of the test data. */
  public DataModuleBuilder test(DataLoader... loaders) {
    test = given(loaders);
    return this;
  }

  /** Sets the test data. */
  public DataModuleBuilder test(Dataset... datasets) {
    test = reading(datasets);
    return this;
  }

  /** Sets the loaders of the data to predict. */
  public DataModuleBuilder predict(DataLoader... loaders) {
    predict = given(loaders);
    return this;
  }

  /** Sets the data to predict. */
  public DataModuleBuilder predict(Dataset... datasets) {
    predict = reading(datasets);
    return this;
  }

  private static Function<Reading, List<DataLoader>> given(DataLoader... loaders) {
    List<DataLoader> all = List.of(loaders);
    return reading -> all;
  }

  private Function<Reading, List<DataLoader>> reading(Dataset... datasets) {
    ofDatasets = true;
    List<Dataset> all = List.of(datasets);
    return reading -> all.stream().map(dataset -> reading.of(dataset).build()).toList();
  }

  /**
   * Makes the data module.
   *
   * @throws io.fulgur.error.FulgurException if a data set is empty or an option is out of range
   */
  public DataModule build() {
    Function<Reading, DataLoader> training = train;
    Function<Reading, List<DataLoader>> validating = validation;
    Function<Reading, List<DataLoader>> testing = test;
    Function<Reading, List<DataLoader>> predicting = predict;
    int threads = workers;
    IntFunction<LoaderModule> factory =
        size -> {
          Reading reading = new Reading(size, threads);
          return new LoaderModule(
              training == null ? null : training.apply(reading),
              validating.apply(reading),
              testing.apply(reading),
              predicting.apply(reading));
        };
    return ofDatasets ? new DatasetModule(batchSize, factory) : factory.apply(batchSize);
  }
}
