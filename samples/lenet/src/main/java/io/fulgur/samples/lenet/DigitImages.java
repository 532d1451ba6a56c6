package io.fulgur.samples.lenet;

import io.fulgur.data.ArrayDataset;
import io.fulgur.data.CsvReader;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.Sample;
import java.util.List;

/** The 1797 digits as images of one channel, a fifth of them held out. */
public final class DigitImages extends DataModule {
  /** The split stays the same whatever the seed of a run, so that results can be compared. */
  private static final long SPLIT_SEED = 1;

  private static final int SIDE = 8;
  private static final float BLACK = 16;

  private final int batchSize;
  private final int workers;
  private final Dataset training;
  private final Dataset heldOut;

  /** Reads the digits, which ship with the sample. */
  public DigitImages(int batchSize, int workers) {
    this.batchSize = batchSize;
    this.workers = workers;
    Dataset digits =
        CsvReader.ofResource(DigitImages.class, "digits.csv.gz")
            .floats("image", 0, SIDE * SIDE)
            .longs("label", SIDE * SIDE)
            .read();
    List<Dataset> parts = digits.randomSplit(SPLIT_SEED, 0.8, 0.2);
    this.training = ArrayDataset.copyOf(parts.get(0).map(DigitImages::toImage));
    this.heldOut = ArrayDataset.copyOf(parts.get(1).map(DigitImages::toImage));
  }

  /** Gives the 64 pixels the shape that convolutions take, and the range -1 to 1. */
  private static Sample toImage(Sample scan) {
    float[] pixels = scan.get("image").toFloatArray();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * pixels[i] / BLACK - 1;
    }
    return scan.with("image", pixels, 1, SIDE, SIDE);
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
}
