package io.fulgur.callback.averaging;

import io.fulgur.module.FulgurModule;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.FlatBuffer;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The average of a module's weights, laid out as the module's own: where an optimizer has
 * parameters in a flat buffer, their averages are one vector, and updating or swapping them is one
 * kernel.
 */
final class WeightAverages {
  /** What becomes of a module's buffers. */
  enum Buffers {
    /** Those of floating-point types are averaged, the others copied. */
    AVERAGED,
    /** They are copied at each update. */
    COPIED,
    /** They are left alone. */
    IGNORED
  }

  /**
   * A vector of weights and their average.
   *
   * @param flat where the weights are laid out; null for a tensor on its own
   * @param copied whether the average is only a copy of the newest weights
   */
  private record Part(Tensor current, Tensor averaged, @Nullable FlatBuffer flat, boolean copied) {}

  /** Where a tensor of the module's state is. */
  private record Place(int part, int index) {
    Tensor in(Part part, Tensor vector) {
      return part.flat() == null ? vector : part.flat().part(vector, index);
    }
  }

  private final FulgurModule module;
  private final Buffers buffers;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final IdentityHashMap<Parameter, @Nullable FlatBuffer> layout = new IdentityHashMap<>();

  /** The module's own weights while the average is in their place. */
  private final List<Tensor> swappedOut = new ArrayList<>();

  private long count;

  /**
   * @param count of how many weights the average is
   * @param saved the average by name; the module's weights where it has none
   */
  WeightAverages(FulgurModule module, Buffers buffers, long count, Map<String, Tensor> saved) {
    this.module = module;
    this.buffers = buffers;
    this.count = count;
    layOut();
    assign(saved);
  }

  /** Sets the average to what there is of these. */
  private void assign(Map<String, Tensor> values) {
    averaged()
        .forEach(
            (name, tensor) -> {
              Tensor known = values.get(name);
              if (known != null) {
                tensor.assign(known);
              }
            });
  }

  /** Returns of how many weights this is the average. */
  long count() {
    return count;
  }

  boolean isOf(FulgurModule other) {
    return module == other;
  }

  boolean isSwappedIn() {
    return !swappedOut.isEmpty();
  }

  private void layOut() {
    IdentityHashMap<FlatBuffer, Integer> known = new IdentityHashMap<>();
    module
        .namedParameters()
        .forEach(
            (name, parameter) -> {
              FlatBuffer flat = parameter.flatBuffer();
              layout.put(parameter, flat);
              if (flat == null) {
                places.put(name, new Place(parts.size(), 0));
                parts.add(new Part(parameter.detach(), parameter.keep(), null, false));
                return;
              }
              Integer part = known.get(flat);
              if (part == null) {
                part = parts.size();
                known.put(flat, part);
                Tensor averaged = flat.newState();
                averaged.assign(flat.values());
                parts.add(new Part(flat.values(), averaged, flat, false));
              }
              places.put(name, new Place(part, indexOf(parameter, flat)));
            });
    if (buffers != Buffers.IGNORED) {
      module.namedBuffers().forEach(this::layOut);
    }
  }

  private void layOut(String name, Buffer buffer) {
    if (buffer.isPersistent()) {
      boolean copied = buffers == Buffers.COPIED || !buffer.dtype().isFloating();
      places.put(name, new Place(parts.size(), 0));
      parts.add(new Part(buffer.detach(), buffer.keep(), null, copied));
    }
  }

  private static int indexOf(Parameter parameter, FlatBuffer flat) {
    List<Parameter> all = flat.parameters();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) == parameter) {
        return i;
      }
    }
    throw new IllegalStateException("A parameter is not in the flat buffer that it names");
  }

  /** Follows parameters that an optimizer has moved since, e.g. as it took a group more. */
  private void followParameters() {
    boolean moved = false;
    for (Map.Entry<Parameter, @Nullable FlatBuffer> each : layout.entrySet()) {
      moved |= each.getKey().flatBuffer() != each.getValue();
    }
    if (!moved) {
      return;
    }
    Map<String, Tensor> before = averaged();
    parts.clear();
    places.clear();
    layout.clear();
    layOut();
    assign(before);
  }

  /** Takes the module's weights into the average. */
  void update(AveragingFunction function) {
    followParameters();
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (count == 0 || part.copied()) {
          part.averaged().assign(part.current());
        } else {
          function.update(part.averaged(), part.current(), count);
        }
      }
    }
    count++;
  }

  /** Puts the average in the place of the module's weights, which are kept. */
  void swapIn() {
    followParameters();
    for (Part part : parts) {
      swappedOut.add(part.current().keep());
      part.current().assign(part.averaged());
    }
  }

  /** Puts the module's own weights back. */
  void swapOut() {
    for (int i = 0; i < swappedOut.size(); i++) {
      Tensor own = swappedOut.get(i);
      parts.get(i).current().assign(own);
      Storage storage = own.view().storage();
      own.release();
      storage.free();
    }
    swappedOut.clear();
  }

  /** Makes the average the module's weights. */
  void copyIn() {
    followParameters();
    for (Part part : parts) {
      part.current().assign(part.averaged());
    }
  }

  /** Returns the average by the names of the module's state, on its memory. */
  Map<String, Tensor> averaged() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    places.forEach(
        (name, place) -> {
          Part part = parts.get(place.part());
          named.put(name, place.in(part, part.averaged()));
        });
    return named;
  }

  /** Returns the module's own weights by name, also while the average is in their place. */
  Map<String, Tensor> current() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    places.forEach(
        (name, place) -> {
          Part part = parts.get(place.part());
          boolean swapped = isSwappedIn();
          named.put(name, place.in(part, swapped ? swappedOut.get(place.part()) : part.current()));
        });
    return named;
  }
}
