package io.fulgur.data;

import io.fulgur.tensor.Generator;
import java.util.List;

/** Some samples of a data set. */
class Subset implements Dataset, DerivedDataset, StatefulParts.Composed {
  private final Dataset base;
  private final long[] indices;

  private Subset(Dataset base, long[] indices) {
    this.base = base;
    this.indices = indices;
  }

  /** Makes a subset that owns {@code indices}; it copies in bulk if the data set does. */
  static Dataset of(Dataset base, long[] indices) {
    long size = base.size();
    for (int i = 0; i < indices.length; i++) {
      DataErrors.checkIndex(indices[i], size, "Index " + i + " of the subset");
    }
    return base instanceof BulkDataset bulk ? new Bulk(bulk, indices) : new Subset(base, indices);
  }

  @Override
  public long size() {
    return indices.length;
  }

  @Override
  public Sample get(long index) {
    return base.get(baseIndex(index));
  }

  @Override
  public Sample get(long index, Generator random) {
    return base.get(baseIndex(index), random);
  }

  @Override
  public List<?> parts() {
    return List.of(base);
  }

  @Override
  public Origin origin(long index) {
    return new Origin(base, baseIndex(index));
  }

  @Override
  public String toString() {
    return DataErrors.name(base) + ".subset(...)";
  }

  final long baseIndex(long index) {
    DataErrors.checkIndex(index, indices.length, "The index of a sample of a subset");
    return indices[(int) index];
  }

  /** Some samples of a data set that copies in bulk. */
  private static final class Bulk extends Subset implements BulkDataset {
    private final BulkDataset base;

    Bulk(BulkDataset base, long[] indices) {
      super(base, indices);
      this.base = base;
    }

    @Override
    public HostBatch getBatch(long[] indices, HostArrays arrays) {
      long[] mapped = new long[indices.length];
      for (int i = 0; i < mapped.length; i++) {
        mapped[i] = baseIndex(indices[i]);
      }
      return base.getBatch(mapped, arrays);
    }
  }
}
