package io.fulgur.loop;

import io.fulgur.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Copies of tensors by name in memory of their own, which is used again and again. What has not
 * been written to since it was copied is not copied anew.
 */
final class TensorCopies {
  private final Map<String, Copy> copies = new LinkedHashMap<>();

  private static final class Copy {
    private final Tensor tensor;
    private long stamp;

    private Copy(Tensor source) {
      this.tensor = source.keep();
      this.stamp = stampOf(source);
    }

    private static long stampOf(Tensor source) {
      return source.view().storage().contentStamp();
    }

    private boolean suits(Tensor source) {
      return tensor.dtype() == source.dtype() && tensor.shape().equals(source.shape());
    }

    private void update(Tensor source) {
      long now = stampOf(source);
      if (now != stamp) {
        tensor.assign(source);
        stamp = now;
      }
    }
  }

  /** Makes the copies those of certain tensors as they are now. */
  void take(Map<String, ? extends Tensor> sources) {
    copies.keySet().retainAll(sources.keySet());
    sources.forEach(
        (name, source) -> {
          Copy known = copies.get(name);
          if (known == null || !known.suits(source)) {
            copies.put(name, new Copy(source));
          } else {
            known.update(source);
          }
        });
  }

  /** Returns the copies. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    copies.forEach((name, copy) -> tensors.put(name, copy.tensor));
    return Collections.unmodifiableMap(tensors);
  }
}
