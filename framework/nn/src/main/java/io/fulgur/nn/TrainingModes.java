package io.fulgur.nn;

import java.util.IdentityHashMap;

/**
 * The mode of each module of a tree at one moment, to go back to: a frozen part that the user keeps
 * in evaluation mode stays there when validation is over.
 *
 * @since 0.1
 */
public final class TrainingModes {
  private final IdentityHashMap<Module, Boolean> modes;

  private TrainingModes(IdentityHashMap<Module, Boolean> modes) {
    this.modes = modes;
  }

  /** Returns the modes that a module and all below are in. */
  public static TrainingModes of(Module root) {
    IdentityHashMap<Module, Boolean> modes = new IdentityHashMap<>();
    for (Module module : ModuleTree.of(root).modules().values()) {
      modes.put(module, module.isTraining());
    }
    return new TrainingModes(modes);
  }

  /** Puts each of those modules back into its mode. */
  public void restore() {
    modes.forEach(Module::trainingAlone);
  }
}
