package io.fulgur.samples.digits;

import io.fulgur.data.ArrayDataset;
import io.fulgur.data.CsvReader;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.Normalize;
import java.util.List;

/** The 1797 digits, a fifth of them held out, pixels normalised by the training part. */
public final class DigitsDataModule extends DataModule {
  /** The split stays the same whatever the seed of a run, so that results can be compared. */
  private static final long SPLIT_SEED = 1;

  private final int batchSize;
  private final int workers;
  private final Dataset training;
  private final Dataset heldOut;
  private final Dataset rawHeldOut;

  /** Reads the digits, which ship with the sample. */
  public DigitsDataModule(int batchSize, int workers) {
    this.batchSize = batchSize;
    this.workers = workers;
    Dataset digits =
        CsvReader.ofResource(DigitsDataModule.class, "digits.csv.gz")
            .floats("image", 0, 64)
            .longs("label", 64)
            .read();
    List<Dataset> parts = digits.randomSplit(SPLIT_SEED, 0.8, 0.2);
    Normalize normalize = Normalize.fit(parts.get(0), "image");
    this.training = ArrayDataset.copyOf(parts.get(0).map(normalize));
    this.rawHeldOut = parts.get(1);
    this.heldOut = ArrayDataset.copyOf(rawHeldOut.map(normalize));
  }

  /** Returns the held-out digits with their pixels as they were scanned, 0 to 16. */
  Dataset scans() {
    return rawHeldOut;
  }

  @Override
  public DataLoader trainLoader() {
    return DataLoader.builder(training).batchSize(batchSize).shuffle(true).workers(workers).build();
  }

  @Override
  public DataLoader validationLoader() {
    return DataLoader.builder(heldOut).batchSize(batchSize).build();
  }

  @Override
  public DataLoader testLoader() {
    return validationLoader();
  }

  @Override
  public DataLoader predictLoader() {
    return validationLoader();
  }
}
