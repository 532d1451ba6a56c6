package io.fulgur.nn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Modules by index, named {@code 0}, {@code 1}, ..., with no forward of its own.
 *
 * <p>A plain {@link List} of modules in a field is found just as well; this one can also be passed
 * around as a module.
 *
 * @param <M> what the modules are
 * @since 0.1
 */
public final class ModuleList<M extends Module> extends Module implements Iterable<M> {
  @Inlined private final List<M> modules;

  /** Makes a list of these modules. */
  @SafeVarargs
  @SuppressWarnings("varargs") // The array is copied, never written to.
  public ModuleList(M... modules) {
    this(List.of(modules));
  }

  /** Makes a list of these modules. */
  public ModuleList(List<? extends M> modules) {
    this.modules = new ArrayList<>(modules);
  }

  /** Returns the module at an index. */
  public M get(int index) {
    return modules.get(index);
  }

  /** Returns the number of modules. */
  public int size() {
    return modules.size();
  }

  /** Adds a module at the end. */
  public void add(M module) {
    modules.add(module);
  }

  @Override
  public Iterator<M> iterator() {
    return List.copyOf(modules).iterator();
  }
}
