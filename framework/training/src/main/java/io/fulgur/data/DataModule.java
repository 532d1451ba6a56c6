package io.fulgur.data;

import io.fulgur.RunKind;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about the data of a task in one place: where it comes from, how it is split and
 * transformed, and the loaders of each kind of run.
 *
 * <pre>{@code
 * class Digits extends DataModule {
 *   @Override public void setup(RunKind kind) { ... }
 *   @Override public DataLoader trainLoader() { return DataLoader.builder(train)...build(); }
 *   @Override public DataLoader validationLoader() { return DataLoader.builder(validation)...build(); }
 * }
 * }</pre>
 *
 * <p>A run calls {@link #prepareData()}, {@link #setup}, the loaders that it needs, once each, and
 * {@link #teardown}. Where there are several loaders of a kind, override the plural method.
 *
 * @since 0.1
 */
public abstract class DataModule {
  /** Constructor for subclasses. */
  protected DataModule() {}

  /**
   * Makes the files ready: downloads, unpacks. Sets no fields, for where there are several
   * processes it runs in one of them only.
   */
  public void prepareData() {}

  /** Makes the data sets of a run: reads, splits, fits transforms on the training split. */
  public void setup(RunKind kind) {}

  /** Ends a run, also one that has failed: closes what {@link #setup} opened. */
  public void teardown(RunKind kind) {}

  /**
   * Returns the loader of the training data.
   *
   * @throws FulgurException if this is not overridden
   */
  public DataLoader trainLoader() {
    throw new FulgurException(
        ErrorId.NO_LOADER,
        "%s has no loader of training data. Override trainLoader()."
            .formatted(DataErrors.name(this)));
  }

  /** Returns the loader of the validation data; null, the default, if there is none. */
  public @Nullable DataLoader validationLoader() {
    return null;
  }

  /** Returns the loaders of the validation data; {@link #validationLoader()} alone by default. */
  public List<DataLoader> validationLoaders() {
    return listOf(validationLoader());
  }

  /** Returns the loader of the test data; null, the default, if there is none. */
  public @Nullable DataLoader testLoader() {
    return null;
  }

  /** Returns the loaders of the test data; {@link #testLoader()} alone by default. */
  public List<DataLoader> testLoaders() {
    return listOf(testLoader());
  }

  /** Returns the loader of the data to predict; null, the default, if there is none. */
  public @Nullable DataLoader predictLoader() {
    return null;
  }

  /** Returns the loaders of the data to predict; {@link #predictLoader()} alone by default. */
  public List<DataLoader> predictLoaders() {
    return listOf(predictLoader());
  }

  /**
   * Returns what a checkpoint must hold to use the model on other data, such as {@link
   * Normalize#state()}: texts, numbers, truth values, and lists and maps of these.
   */
  public Map<String, Object> saveState() {
    return Map.of();
  }

  /** Takes back what {@link #saveState()} returned, after {@link #setup}. */
  public void loadState(Map<String, Object> state) {}

  /** Makes a data module of a training loader and any number of validation loaders. */
  public static DataModule of(DataLoader train, DataLoader... validation) {
    return new LoaderModule(train, List.of(validation), List.of(), List.of());
  }

  /**
   * Makes a data module of data sets, the training data being shuffled.
   *
   * @param batchSize samples of a batch, positive
   */
  public static DataModule fromDatasets(Dataset train, Dataset validation, int batchSize) {
    return of(
        DataLoader.builder(train).batchSize(batchSize).shuffle(true).build(),
        DataLoader.builder(validation).batchSize(batchSize).build());
  }

  /** Starts to make a data module of loaders. */
  public static DataModuleBuilder builder() {
    return new DataModuleBuilder();
  }

  private static List<DataLoader> listOf(@Nullable DataLoader loader) {
    return loader == null ? List.of() : List.of(loader);
  }
}
