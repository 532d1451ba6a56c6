package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A source of kernels. Found by {@link java.util.ServiceLoader}, asked in descending order of
 * {@link #priority()}; the first that does not decline is taken.
 *
 * <p>All inputs and outputs that a provider sees are row-major ({@link View#isContiguous()}) but
 * for {@link Operators#COPY} and {@link Operators#MATMUL}, whose inputs may have any strides.
 * Operators with a {@link MemoryFormat} among their attributes tell which views have it.
 *
 * @since 0.1
 */
public interface KernelProvider {
  /** Priority of the provider that takes every operator and is asked last. */
  int LAST = 0;

  /** Priority of the kernels that ship with the engine. */
  int BUILT_IN = 100;

  /** Priority of plugins unless they choose another. */
  int PLUGIN = 200;

  /** Returns a short lower-case name for logs and error messages. */
  String name();

  /** Returns when to ask: larger is earlier. */
  int priority();

  /**
   * Returns whether its convolutions of this type are faster where activations lie {@linkplain
   * MemoryFormat#CHANNELS_LAST channels-last}.
   */
  default boolean prefersChannelsLast(DType dtype) {
    return false;
  }

  /** Binds the call to its memory, or returns null to decline. */
  @Nullable Kernel prepare(OpCall call);
}
