package io.fulgur.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loaders of a {@link DataModule}, each kind optional.
 *
 * @since 0.1
 */
public final class DataModuleBuilder {
  private @Nullable DataLoader train;
  private List<DataLoader> validation = List.of();
  private List<DataLoader> test = List.of();
  private List<DataLoader> predict = List.of();

  DataModuleBuilder() {}

  /** Sets the loader of the training data. */
  public DataModuleBuilder train(DataLoader loader) {
    train = loader;
    return this;
  }

  /** Sets the loaders of the validation data. */
  public DataModuleBuilder validation(DataLoader... loaders) {
    validation = List.of(loaders);
    return this;
  }

  /** Sets the loaders of the test data. */
  public DataModuleBuilder test(DataLoader... loaders) {
    test = List.of(loaders);
    return this;
  }

  /** Sets the loaders of the data to predict. */
  public DataModuleBuilder predict(DataLoader... loaders) {
    predict = List.of(loaders);
    return this;
  }

  /** Makes the data module. */
  public DataModule build() {
    return new LoaderModule(train, validation, test, predict);
  }
}
