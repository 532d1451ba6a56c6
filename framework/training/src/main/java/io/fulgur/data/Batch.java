package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a step gets: tensors by name, with the batch dimension in front.
 *
 * <pre>{@code
 * Tensor loss = Losses.crossEntropy(forward(batch.get("image")), batch.get("label"));
 * }</pre>
 *
 * <p>Immutable. Tensors that were made inside a step scope live as long as that.
 *
 * @since 0.1
 */
public final class Batch {
  private final int size;
  private final Map<String, Tensor> tensors;
  private final long[] indices;

  private Batch(int size, Map<String, Tensor> tensors, long... indices) {
    this.size = size;
    this.tensors = tensors;
    this.indices = indices;
  }

  /** Makes tensors with the values of a host batch; on the training thread only. */
  public static Batch of(HostBatch batch) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    batch.values().forEach((name, values) -> tensors.put(name, values.toTensor()));
    return new Batch(batch.size(), tensors, batch.indices());
  }

  /** Makes a batch of one tensor of shape {@code [batch, ...]}. */
  public static Batch of(String name, Tensor tensor) {
    return of(Collections.singletonMap(name, tensor));
  }

  /** Makes a batch of two tensors of shape {@code [batch, ...]}. */
  public static Batch of(String name1, Tensor tensor1, String name2, Tensor tensor2) {
    return of(name1, tensor1).with(name2, tensor2);
  }

  /**
   * Makes a batch of tensors of shape {@code [batch, ...]}.
   *
   * @throws FulgurException if there is no tensor, one is a scalar, or their first sizes differ
   */
  public static Batch of(Map<String, Tensor> tensors) {
    if (tensors.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT, "A batch has no tensors. Give it at least one by name.");
    }
    Map<String, Tensor> copy = new LinkedHashMap<>(tensors);
    String first = copy.keySet().iterator().next();
    long size = samples(first, copy.values().iterator().next());
    copy.forEach((name, tensor) -> checkSize(size, name, tensor));
    return new Batch(Math.toIntExact(size), copy);
  }

  /**
   * Makes a batch of tensors of any shapes, for data whose samples are not slices of the first
   * dimension, such as graphs.
   *
   * @param size the number of samples, by which logged values are weighted
   */
  public static Batch of(int size, Map<String, Tensor> tensors) {
    if (size <= 0) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A batch cannot have %d samples. The size must be positive.".formatted(size));
    }
    return new Batch(size, new LinkedHashMap<>(tensors));
  }

  /**
   * Returns this batch with a tensor of shape {@code [batch, ...]} added, or replaced if the name
   * is known.
   *
   * @throws FulgurException if its first size is not the number of samples
   */
  public Batch with(String name, Tensor tensor) {
    checkSize(size, name, tensor);
    Map<String, Tensor> copy = new LinkedHashMap<>(tensors);
    copy.put(name, tensor);
    return new Batch(size, copy, indices);
  }

  /** Returns this batch with each tensor replaced by what a function makes of it. */
  public Batch map(UnaryOperator<Tensor> function) {
    Map<String, Tensor> made = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> made.put(name, function.apply(tensor)));
    return new Batch(size, made, indices);
  }

  private static void checkSize(long size, String name, Tensor tensor) {
    long own = samples(name, tensor);
    if (own != size) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          ("\"%s\" has shape %s, so %d samples, but the batch has %d. The first size of every "
                  + "tensor must be the number of samples; for other layouts use Batch.of(size, "
                  + "tensors).")
              .formatted(name, tensor.shape(), own, size));
    }
  }

  private static long samples(String name, Tensor tensor) {
    if (tensor.rank() == 0) {
      throw new FulgurException(
          ErrorId.SHAPE_MISMATCH,
          ("\"%s\" is a scalar, which has no batch dimension. Give it the shape [batch, ...], "
                  + "or use Batch.of(size, tensors).")
              .formatted(name));
    }
    return tensor.size(0);
  }

  /** Returns the number of samples. */
  public int size() {
    return size;
  }

  /** Returns which samples of the data set these are, as {@link HostBatch#indices()}. */
  public long[] indices() {
    return indices.clone();
  }

  /**
   * Returns a tensor.
   *
   * @throws FulgurException if there is none of this name; the message lists those there are
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Names.unknown("Batch", name, tensors.keySet());
    }
    return tensor;
  }

  /**
   * Returns the part that one of several {@linkplain DataLoader#combine combined} loaders gave: the
   * tensors whose names start with {@code name/}, without that. Its size is their first size; that
   * of this batch if they do not have the same.
   *
   * @throws FulgurException if there is none; the message lists the parts there are
   */
  public Batch part(String name) {
    String prefix = name + HostBatch.SEPARATOR;
    Map<String, Tensor> own = new LinkedHashMap<>();
    Set<Long> sizes = new LinkedHashSet<>();
    tensors.forEach(
        (full, tensor) -> {
          if (full.startsWith(prefix)) {
            own.put(full.substring(prefix.length()), tensor);
            sizes.add(tensor.rank() == 0 ? -1 : tensor.size(0));
          }
        });
    if (own.isEmpty()) {
      throw Names.unknown("Batch", name, partNames());
    }
    long first = sizes.iterator().next();
    return new Batch(sizes.size() == 1 && first > 0 ? (int) first : size, own);
  }

  /** Returns whether a loader of this name gave a part of this batch. */
  public boolean hasPart(String name) {
    return partNames().contains(name);
  }

  private Set<String> partNames() {
    Set<String> names = new LinkedHashSet<>();
    for (String name : tensors.keySet()) {
      int end = name.indexOf(HostBatch.SEPARATOR);
      if (end > 0) {
        names.add(name.substring(0, end));
      }
    }
    return names;
  }

  /** Returns whether there is a tensor of this name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** Returns the names in their order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** Returns the tensors by name. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Returns e.g. {@code Batch of 8 [image, label]}. */
  @Override
  public String toString() {
    return "Batch of " + size + " " + tensors.keySet();
  }
}
