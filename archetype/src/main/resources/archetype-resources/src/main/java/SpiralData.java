package ${package};

import io.fulgur.data.ArrayDataset;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import java.util.List;
import java.util.SplittableRandom;

/** Points on three noisy spirals, a fifth of them held out. Replace it by your data. */
public class SpiralData extends DataModule {
  private static final int POINTS = 1500;

  private final int batchSize;
  private final Dataset training;
  private final Dataset heldOut;

  public SpiralData(int batchSize) {
    this.batchSize = batchSize;
    List<Dataset> parts = spirals().randomSplit(/* seed= */ 1, 0.8, 0.2);
    this.training = parts.get(0);
    this.heldOut = parts.get(1);
  }

  private static Dataset spirals() {
    SplittableRandom random = new SplittableRandom(1);
    float[] points = new float[2 * POINTS];
    long[] spirals = new long[POINTS];
    for (int i = 0; i < POINTS; i++) {
      int spiral = i % 3;
      double radius = random.nextDouble();
      double angle = 4 * radius + spiral * 2 * Math.PI / 3 + 0.2 * (random.nextDouble() - 0.5);
      points[2 * i] = (float) (radius * Math.sin(angle));
      points[2 * i + 1] = (float) (radius * Math.cos(angle));
      spirals[i] = spiral;
    }
    return ArrayDataset.of("point", HostArray.of(points, POINTS, 2))
        .with("spiral", HostArray.of(spirals, POINTS));
  }

  @Override
  public DataLoader trainLoader() {
    return DataLoader.builder(training).batchSize(batchSize).shuffle(true).build();
  }

  @Override
  public DataLoader validationLoader() {
    return DataLoader.builder(heldOut).batchSize(batchSize).build();
  }
}
