package io.fulgur.data;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loaders of a {@link DataModule}, each kind optional.
 *
 * <p>A data set given in place of a loader is read in batches of {@link #batchSize}, with {@link
 * #workers}, and shuffled where it is to train on.
 *
 * @since 0.1
 */
public final class DataModuleBuilder {
  private @Nullable Supplier<DataLoader> train;
  private Supplier<List<DataLoader>> validation = List::of;
  private Supplier<List<DataLoader>> test = List::of;
  private Supplier<List<DataLoader>> predict = List::of;
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
    train = () -> loader;
    return this;
  }

  /** Sets the training data, which is shuffled. */
  public DataModuleBuilder train(Dataset dataset) {
    train = () -> options(dataset).shuffle(true).build();
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

  private static Supplier<List<DataLoader>> given(DataLoader... loaders) {
    List<DataLoader> all = List.of(loaders);
    return () -> all;
  }

  private Supplier<List<DataLoader>> reading(Dataset... datasets) {
    List<Dataset> all = List.of(datasets);
    return () -> all.stream().map(dataset -> options(dataset).build()).toList();
  }

  private DataLoaderBuilder options(Dataset dataset) {
    return DataLoader.builder(dataset).batchSize(batchSize).workers(workers);
  }

  /**
   * Makes the data module.
   *
   * @throws io.fulgur.error.FulgurException if a data set is empty or an option is out of range
   */
  public DataModule build() {
    return new LoaderModule(
        train == null ? null : train.get(), validation.get(), test.get(), predict.get());
  }
}
