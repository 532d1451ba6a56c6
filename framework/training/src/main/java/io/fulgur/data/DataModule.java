package io.fulgur.data;

import io.fulgur.RunKind;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.plugin.TrainerParts;
import io.fulgur.weave.HyperparameterCapture;
import java.nio.file.Path;
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
public abstract class DataModule implements DataHooks {
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

  /** Is told what made a run fail, before {@link #teardown}. */
  public void onException(Throwable failure) {}

  /** Returns whether there is training data: whether {@link #trainLoader()} is overridden. */
  public boolean hasTrainLoader() {
    try {
      return getClass().getMethod("trainLoader").getDeclaringClass() != DataHooks.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Returns the data module whose overridden methods count: this one, except for one that only
   * passes on what another gives.
   */
  public DataModule unwrapped() {
    return this;
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

  /**
   * Returns what this was constructed with, which checkpoints hold; none if the class is not
   * annotated with {@link io.fulgur.annotation.SaveHyperparameters}.
   *
   * @throws FulgurException if it is annotated but its constructor's arguments are not known
   */
  public final Hyperparameters hyperparameters() {
    return HyperparameterCapture.of(this);
  }

  /**
   * Makes the data module that a checkpoint was saved with: constructs it from its hyperparameters
   * and gives it its {@linkplain #loadState state} back. The checkpoint is read as a trainer would
   * read it: by the {@link CheckpointIO} of a plugin, else as a file.
   *
   * @param overrides constructor arguments that replace those saved, or were not saved
   * @throws FulgurException if the checkpoint cannot be read, or no constructor takes exactly what
   *     it holds and the overrides
   */
  public static <T extends DataModule> T loadFromCheckpoint(
      Class<T> type, Path path, Map<String, ? extends @Nullable Object> overrides) {
    return loadFromCheckpoint(type, path, overrides, TrainerParts.defaultCheckpointIO());
  }

  /**
   * As {@link #loadFromCheckpoint(Class, Path, Map)}, reading the checkpoint by an IO of one's own,
   * for a trainer that was given one.
   */
  public static <T extends DataModule> T loadFromCheckpoint(
      Class<T> type,
      Path path,
      Map<String, ? extends @Nullable Object> overrides,
      CheckpointIO io) {
    return DataModuleLoader.load(type, path, overrides, io);
  }

  /** As {@link #loadFromCheckpoint(Class, Path, Map)} without overrides. */
  public static <T extends DataModule> T loadFromCheckpoint(Class<T> type, Path path) {
    return loadFromCheckpoint(type, path, Map.of());
  }

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
    return builder().train(train).validation(validation).batchSize(batchSize).build();
  }

  /** Starts to make a data module of loaders or data sets. */
  public static DataModuleBuilder builder() {
    return new DataModuleBuilder();
  }

  /** Returns e.g. {@code DigitsDataModule{batchSize=32, workers=0}}. */
  @Override
  public String toString() {
    boolean known = HyperparameterCapture.isWanted(this) && HyperparameterCapture.isCaptured(this);
    return DataErrors.name(this) + (known ? hyperparameters() : "");
  }
}
