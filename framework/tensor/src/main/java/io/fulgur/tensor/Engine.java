package io.fulgur.tensor;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Memory and kernels of one kind of device. Tensors live in an engine's memory, and operators run
 * on it.
 *
 * <p>The default is found by {@link java.util.ServiceLoader}; the system property {@code
 * fulgur.engine} chooses one by {@link #name()} where there are several.
 *
 * @since 0.1
 */
public interface Engine {
  /** Returns a short lower-case name, e.g. {@code nd4j-cpu}. */
  String name();

  /**
   * Allocates long-lived memory whose contents are undefined.
   *
   * @param elements how many; 0 is allowed
   */
  Storage allocate(DType dtype, long elements);

  /**
   * Binds an operator to its memory, or returns null if no provider takes the call: a composite
   * operator is then composed. May be slow; the kernel then runs many times.
   */
  @Nullable Kernel prepare(OpCall call);

  /**
   * Returns whether convolutions of this type are faster where activations lie {@linkplain
   * MemoryFormat#CHANNELS_LAST channels-last}.
   */
  default boolean prefersChannelsLast(DType dtype) {
    return false;
  }

  /**
   * Returns whether the host can read this engine's memory where it is, for some nanoseconds and
   * without waiting. Where it cannot, who needs a value now and then leaves it on the device and
   * reads many at once.
   */
  default boolean isHostAddressable() {
    return true;
  }

  /** Waits until everything submitted has finished. */
  void synchronize();

  /** Returns the counters of native work. */
  EngineStatistics statistics();

  /**
   * Returns what the device tells of itself now, such as memory in use or its load, by a name in
   * lower case with the unit at its end, e.g. {@code native_bytes}. May take a microsecond or a
   * hundred, so not for each operator.
   */
  default Map<String, Double> deviceStats() {
    return Map.of();
  }

  /** Describes device, thread count and kernel providers in one line, for the log. */
  String description();

  /** Returns the engine that tensors are made on unless another is asked for. */
  static Engine defaultEngine() {
    return Engines.Holder.DEFAULT;
  }
}
