package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A data module of loaders that are there already. */
final class LoaderModule extends DataModule {
  private final @Nullable DataLoader train;
  private final List<DataLoader> validation;
  private final List<DataLoader> test;
  private final List<DataLoader> predict;

  LoaderModule(
      @Nullable DataLoader train,
      List<DataLoader> validation,
      List<DataLoader> test,
      List<DataLoader> predict) {
    this.train = train;
    this.validation = validation;
    this.test = test;
    this.predict = predict;
  }

  @Override
  public boolean hasTrainLoader() {
    return train != null;
  }

  @Override
  public DataLoader trainLoader() {
    if (train == null) {
      throw new FulgurException(
          ErrorId.NO_LOADER,
          "The data module was built without a loader of training data. Give one with train(...).");
    }
    return train;
  }

  @Override
  public List<DataLoader> validationLoaders() {
    return validation;
  }

  @Override
  public List<DataLoader> testLoaders() {
    return test;
  }

  @Override
  public List<DataLoader> predictLoaders() {
    return predict;
  }
}
