package io.fulgur.log;

import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Logged numbers in the memory of a device, gathered there and read all at once.
 *
 * <p>Where the host can address an engine's memory, a value is read when it is logged, for some
 * nanoseconds. Elsewhere reading waits until the device has done everything before, which would
 * hold up every step; a step then costs a few small kernels for each value, and somebody who asks
 * for values costs one copy, however many there are. Kept in {@link DType#F64} and reduced in the
 * order of logging, so that the numbers are those of the host.
 */
final class DeviceScalars {
  private static final int FIRST_CAPACITY = 32;

  private final Predicate<Engine> isReadable;
  private @Nullable Tensor block;

  /** As the block was at the last mark. */
  private @Nullable Tensor marked;

  private @Nullable Tensor[] places = {};
  private double[] read = {};
  private int size;
  private boolean written;
  private long reads;

  /**
   * @param isReadable whether the host reads an engine's memory without waiting
   */
  DeviceScalars(Predicate<Engine> isReadable) {
    this.isReadable = isReadable;
  }

  /** Returns whether this is the place for a tensor's value, rather than the host. */
  boolean takes(Tensor value) {
    Engine engine = value.engine();
    return !isReadable.test(engine) && engine == Engine.defaultEngine();
  }

  /** Returns a new place, whose value is undefined. */
  int newPlace() {
    if (size == read.length) {
      grow();
    }
    return size++;
  }

  private void grow() {
    int capacity = Math.max(FIRST_CAPACITY, 2 * size);
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      // Long-lived, also when this is within a step's scope.
      Tensor larger = Tensor.zeros(DType.F64, capacity).keep();
      if (block != null) {
        larger.slice(0, 0, size).assign(block);
      }
      block = larger;
      places = new @Nullable Tensor[capacity];
      read = Arrays.copyOf(read, capacity);
    }
  }

  private Tensor at(int place) {
    Tensor known = places[place];
    if (known == null) {
      if (block == null) {
        throw new IllegalStateException("A place is taken before it is used");
      }
      known = block.slice(0, place, place + 1L);
      places[place] = known;
    }
    return known;
  }

  /** Sets a value. */
  void set(int place, Tensor value) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      at(place).assign(scalar(value));
    }
    written = true;
  }

  /** Sets a value, weighted if it is to be a mean, as the first of those to be reduced. */
  void start(int place, Tensor value, Reduction reduction, double weight) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      at(place).assign(weighted(scalar(value), reduction, weight));
    }
    written = true;
  }

  /** Reduces a value with those before; a mean is left as the sum of weighted values. */
  void reduce(int place, Tensor value, Reduction reduction, double weight) {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Tensor gathered = at(place);
      Tensor next = weighted(scalar(value), reduction, weight);
      gathered.assign(
          switch (reduction) {
            case MEAN, SUM -> gathered.add(next);
            case MIN -> gathered.minimum(next);
            case MAX -> gathered.maximum(next);
          });
    }
    written = true;
  }

  private static Tensor scalar(Tensor value) {
    Tensor flat = value.detach().reshape(1);
    return flat.dtype() == DType.F64 ? flat : flat.to(DType.F64);
  }

  private static Tensor weighted(Tensor value, Reduction reduction, double weight) {
    return reduction == Reduction.MEAN && weight != 1 ? value.mul(weight) : value;
  }

  /** Returns a value; the first after a write copies all of them. */
  double get(int place) {
    if (written && block != null) {
      read = block.toDoubleArray();
      written = false;
      reads++;
    }
    return read[place];
  }

  /** Remembers all values, on the device. */
  void mark() {
    Tensor now = block;
    if (now == null || size == 0) {
      return;
    }
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      Tensor known = marked;
      if (known == null || known.elements() != now.elements()) {
        marked = now.keep();
      } else {
        known.assign(now);
      }
    }
  }

  /** Returns a value as it was at the last mark. */
  double marked(int place) {
    return marked == null ? Double.NaN : marked.toDoubleArray()[place];
  }

  /** Returns how often values were copied from the device. */
  long reads() {
    return reads;
  }

  /** Gives all places back; the memory stays for the next ones. */
  void clear() {
    size = 0;
    written = false;
  }
}
