package io.fulgur.samples.tabular;

import io.fulgur.RunKind;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.CsvReader;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.Normalize;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The 569 tumours: three fifths to train on, a fifth to stop by, a fifth to be judged by.
 *
 * <p>What is normalised by the training part only cannot tell of the others. A checkpoint holds the
 * options and the statistics, so that {@code DataModule.loadFromCheckpoint} brings them back.
 */
@SaveHyperparameters
public class TumourData extends DataModule {
  /** Names of the labels. */
  static final List<String> CLASSES = List.of("malignant", "benign");

  private static final int FEATURES = 30;

  private final int batchSize;
  private final long splitSeed;
  private @Nullable Normalize normalize;
  private List<Dataset> parts = List.of();

  /** Makes the data module; {@code splitSeed} decides which tumours go to which part. */
  public TumourData(int batchSize, long splitSeed) {
    this.batchSize = batchSize;
    this.splitSeed = splitSeed;
  }

  /** Reads all tumours. */
  static Dataset read() {
    // The first line tells how many rows and columns follow.
    return CsvReader.ofResource(TumourData.class, "breast_cancer.csv")
        .header()
        .floats("features", 0, FEATURES)
        .longs("label", FEATURES)
        .read();
  }

  @Override
  public void setup(RunKind kind) {
    List<Dataset> split = read().randomSplit(splitSeed, 0.6, 0.2, 0.2);
    Normalize fitted = normalize != null ? normalize : Normalize.fit(split.get(0), "features");
    normalize = fitted;
    parts = split.stream().<Dataset>map(part -> ArrayDataset.copyOf(part.map(fitted))).toList();
  }

  @Override
  public DataLoader trainLoader() {
    return DataLoader.builder(parts.get(0)).batchSize(batchSize).shuffle(true).build();
  }

  @Override
  public DataLoader validationLoader() {
    return DataLoader.builder(parts.get(1)).batchSize(batchSize).build();
  }

  @Override
  public DataLoader testLoader() {
    return DataLoader.builder(parts.get(2)).batchSize(batchSize).build();
  }

  @Override
  public DataLoader predictLoader() {
    return testLoader();
  }

  /** Returns the tumours that nothing was fitted to. */
  Dataset heldOut() {
    return parts.get(2);
  }

  @Override
  public Map<String, Object> saveState() {
    return normalize == null ? Map.of() : Map.of("normalize", normalize.state());
  }

  @Override
  @SuppressWarnings("unchecked") // As saveState made it.
  public void loadState(Map<String, Object> state) {
    if (state.get("normalize") instanceof Map<?, ?> statistics) {
      normalize = Normalize.fromState((Map<String, ?>) statistics);
    }
  }
}
