package io.fulgur.data;

import io.fulgur.tensor.Generator;
import java.util.List;

/** A data set whose samples pass through a function. */
final class MappedDataset implements Dataset, DerivedDataset, StatefulParts.Composed {
  private final Dataset base;
  private final RandomTransform transform;

  MappedDataset(Dataset base, RandomTransform transform) {
    this.base = base;
    this.transform = transform;
  }

  @Override
  public long size() {
    return base.size();
  }

  @Override
  public Sample get(long index) {
    return get(index, new Generator(index));
  }

  @Override
  public Sample get(long index, Generator random) {
    return transform.apply(DataErrors.checkNotNull(base.get(index, random), base, index), random);
  }

  @Override
  public String toString() {
    return DataErrors.name(base) + ".map(...)";
  }

  @Override
  public List<?> parts() {
    return List.of(base);
  }

  @Override
  public Origin origin(long index) {
    return new Origin(base, index);
  }
}
