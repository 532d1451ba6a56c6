package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A collated batch in plain Java memory: one array by name, with the batch dimension in front.
 *
 * <p>A loop calls {@link #toBatch()} inside its step scope and then {@link #recycle()}, which lets
 * the loader reuse the arrays. A batch that is not recycled stays valid for as long as it is held.
 *
 * @since 0.1
 */
public final class HostBatch {
  /** Stands between the name of a part and that of a value. */
  static final String SEPARATOR = "/";

  private final int size;
  private final Map<String, HostArray> values;
  private final Map<String, HostBatch> parts;
  private final @Nullable HostArrays owner;
  private long[] indices = {};
  private boolean recycled;

  private HostBatch(
      int size,
      Map<String, HostArray> values,
      Map<String, HostBatch> parts,
      @Nullable HostArrays owner) {
    this.size = size;
    this.values = Collections.unmodifiableMap(values);
    this.parts = Collections.unmodifiableMap(parts);
    this.owner = owner;
    if (size <= 0 || values.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A batch of %d samples has the values %s. It needs at least one sample and one value."
              .formatted(size, values));
    }
  }

  /** Makes a batch of arrays that belong to the caller. */
  public static HostBatch of(int size, Map<String, HostArray> values) {
    return new HostBatch(size, new LinkedHashMap<>(values), Map.of(), null);
  }

  /** Makes a batch whose arrays were all taken from {@code owner} and go back there. */
  public static HostBatch of(int size, Map<String, HostArray> values, HostArrays owner) {
    return new HostBatch(size, new LinkedHashMap<>(values), Map.of(), owner);
  }

  /** Makes a batch of others, at least one, with their names in front of those of their values. */
  static HostBatch ofParts(Map<String, HostBatch> parts) {
    Map<String, HostArray> values = new LinkedHashMap<>();
    parts.forEach(
        (part, batch) ->
            batch.values().forEach((name, value) -> values.put(part + SEPARATOR + name, value)));
    int size = parts.values().iterator().next().size();
    return new HostBatch(size, values, new LinkedHashMap<>(parts), null);
  }

  /** Returns the number of samples. */
  public int size() {
    return size;
  }

  /**
   * Returns the batches of the loaders that {@linkplain DataLoader#combine combined} make this one,
   * by their names; none if one loader made it.
   */
  public Map<String, HostBatch> parts() {
    return parts;
  }

  /** Returns whether this consists of parts with different numbers of samples. */
  public boolean hasPartsOfOtherSizes() {
    if (parts.isEmpty()) {
      return false;
    }
    for (HostBatch part : parts.values()) {
      if (part.size != size) {
        return true;
      }
    }
    return false;
  }

  /** Notes which samples these are. */
  HostBatch ofSamples(long[] newIndices) {
    indices = newIndices;
    return this;
  }

  /**
   * Returns which samples of the data set these are, or the how manieth of an iterable one, as a
   * copy; empty where that is not known, as of a batch that was not made by a loader alone.
   */
  public long[] indices() {
    return indices.clone();
  }

  /** Returns the names in their order. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Returns whether there is a value of this name. */
  public boolean contains(String name) {
    return values.containsKey(name);
  }

  /**
   * Returns a value, of shape {@code [batch, ...]}.
   *
   * @throws FulgurException if there is none of this name; the message lists those there are
   * @throws IllegalStateException if the batch was recycled
   */
  public HostArray get(String name) {
    HostArray value = values().get(name);
    if (value == null) {
      throw Names.unknown("Batch", name, values.keySet());
    }
    return value;
  }

  /**
   * Returns the values by name.
   *
   * @throws IllegalStateException if the batch was recycled
   */
  public Map<String, HostArray> values() {
    if (recycled) {
      throw new IllegalStateException(
          "The batch was used after recycle(), when its arrays may hold another batch's values."
              + " Convert it with toBatch() or copy what you need before.");
    }
    return values;
  }

  /**
   * Makes tensors with these values, in the open step scope if there is one; on the training thread
   * only.
   *
   * @throws IllegalStateException if the batch was recycled
   */
  public Batch toBatch() {
    return Batch.of(this);
  }

  /**
   * Gives the arrays back to the loader, which uses them for a later batch. The arrays, also those
   * that {@link #get} returned, may not be used afterwards. Does nothing the second time.
   */
  public void recycle() {
    if (!recycled && owner != null) {
      values.values().forEach(owner::give);
    }
    parts.values().forEach(HostBatch::recycle);
    recycled = true;
  }

  /** Returns e.g. {@code HostBatch of 8 {image=F32[8, 64], label=I64[8]}}. */
  @Override
  public String toString() {
    return "HostBatch of " + size + " " + values;
  }
}
