package io.fulgur.tune;

import io.fulgur.checkpoint.State;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.TrainingModes;
import io.fulgur.precision.PrecisionPlugin;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a few steps of training change beside the optimizers: weights, buffers, modes, random
 * numbers and the state of the precision. Closing it puts them back and frees the copies.
 */
final class RunSnapshot implements AutoCloseable {
  private final FulgurModule module;
  private final PrecisionPlugin precision;
  private final Map<String, Tensor> copies = new LinkedHashMap<>();
  private final TrainingModes modes;
  private final State precisionState;
  private final long seed;
  private final long offset;

  RunSnapshot(FulgurModule module, PrecisionPlugin precision) {
    this.module = module;
    this.precision = precision;
    modes = TrainingModes.of(module);
    precisionState = precision.state();
    Generator random = Generator.defaultGenerator();
    seed = random.seed();
    offset = random.offset();
    try {
      live(module).forEach((name, tensor) -> copies.put(name, tensor.keep()));
    } catch (Throwable e) {
      free();
      throw e;
    }
  }

  /** Returns what changes, also buffers that a checkpoint leaves out. */
  private static Map<String, Tensor> live(FulgurModule module) {
    Map<String, Tensor> all = new LinkedHashMap<>(module.namedParameters());
    all.putAll(module.namedBuffers());
    return all;
  }

  @Override
  public void close() {
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      live(module)
          .forEach(
              (name, tensor) -> {
                Tensor copy = copies.get(name);
                if (copy != null) {
                  tensor.assign(copy);
                }
              });
    }
    modes.restore();
    precision.loadState(precisionState);
    Generator.defaultGenerator().restore(seed, offset);
    free();
  }

  private void free() {
    copies.values().forEach(RunSnapshot::free);
    copies.clear();
  }

  /** Frees a copy at once instead of when it is garbage. */
  static void free(Tensor copy) {
    Storage storage = copy.view().storage();
    copy.release();
    storage.free();
  }
}
