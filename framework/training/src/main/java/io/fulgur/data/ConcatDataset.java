package io.fulgur.data;

import io.fulgur.tensor.Generator;
import java.util.List;

/** The samples of one data set followed by those of another. */
record ConcatDataset(Dataset first, Dataset second)
    implements Dataset, DerivedDataset, StatefulParts.Composed {
  @Override
  public long size() {
    return Math.addExact(first.size(), second.size());
  }

  @Override
  public Sample get(long index) {
    Origin origin = origin(index);
    return origin.dataset().get(origin.index());
  }

  @Override
  public Sample get(long index, Generator random) {
    Origin origin = origin(index);
    return origin.dataset().get(origin.index(), random);
  }

  @Override
  public String toString() {
    return DataErrors.name(first) + ".concat(" + DataErrors.name(second) + ")";
  }

  @Override
  public List<?> parts() {
    return List.of(first, second);
  }

  @Override
  public Origin origin(long index) {
    long size = first.size();
    return index < size ? new Origin(first, index) : new Origin(second, index - size);
  }
}
