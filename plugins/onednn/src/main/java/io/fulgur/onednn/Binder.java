package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.View;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * Binds a primitive to views, with a copy in the order that the primitive wants where that is
 * another. An input is copied again only when its contents have changed, so that weights are
 * reordered once for each optimizer step.
 */
final class Binder {
  private final PrimitiveDescriptor descriptor;
  private final Engine engine;
  private final boolean alone;
  private final PrimitiveKernel.Builder builder;
  private final List<Kernel> before = new ArrayList<>();
  private final List<Kernel> after = new ArrayList<>();
  private final List<Storage> copies = new ArrayList<>();

  Binder(PrimitiveDescriptor descriptor, Engine engine, boolean alone) {
    this.descriptor = descriptor;
    this.engine = engine;
    this.alone = alone;
    this.builder = new PrimitiveKernel.Builder(descriptor).alone(alone);
  }

  /**
   * Adds an input.
   *
   * @param number its argument number
   * @param query what to ask for the order that the primitive wants
   * @param lies how the view lies
   */
  Binder input(int number, int query, dnnl_memory_desc_t lies, View view) {
    dnnl_memory_desc_t wanted = descriptor.memory(query);
    if (isEqual(lies, wanted)) {
      builder.with(number, lies, view);
      return this;
    }
    Storage copy = copy(wanted);
    builder.with(number, wanted, copy);
    try (PrimitiveDescriptor reorder = PrimitiveDescriptor.reorder(lies, wanted)) {
      before.add(
          new WhenChanged(
              new PrimitiveKernel.Builder(reorder)
                  .with(DNNL_ARG_FROM, lies, view)
                  .with(DNNL_ARG_TO, wanted, copy)
                  .alone(alone)
                  .build(engine),
              view.storage()));
    }
    return this;
  }

  /** Adds an output, as {@link #input}. */
  Binder output(int number, int query, dnnl_memory_desc_t lies, View view) {
    dnnl_memory_desc_t wanted = descriptor.memory(query);
    if (isEqual(lies, wanted)) {
      builder.with(number, lies, view);
      return this;
    }
    Storage copy = copy(wanted);
    builder.with(number, wanted, copy);
    try (PrimitiveDescriptor reorder = PrimitiveDescriptor.reorder(wanted, lies)) {
      after.add(
          new PrimitiveKernel.Builder(reorder)
              .with(DNNL_ARG_FROM, wanted, copy)
              .with(DNNL_ARG_TO, lies, view)
              .alone(alone)
              .build(engine));
    }
    return this;
  }

  /** Adds an operand that lies as the primitive takes it. */
  Binder with(int number, dnnl_memory_desc_t lies, View view) {
    builder.with(number, lies, view);
    return this;
  }

  /** Adds memory of the kernel's own, whose contents are undefined. */
  Binder own(int number, dnnl_memory_desc_t memory) {
    builder.with(number, memory, copy(memory));
    return this;
  }

  Kernel build() {
    List<Kernel> steps = new ArrayList<>(before);
    steps.add(builder.build(engine));
    steps.addAll(after);
    return steps.size() == 1 && copies.isEmpty() ? steps.get(0) : new Steps(steps, copies);
  }

  private static boolean isEqual(dnnl_memory_desc_t a, dnnl_memory_desc_t b) {
    return dnnl_memory_desc_equal(a, b) != 0;
  }

  private Storage copy(dnnl_memory_desc_t memory) {
    Storage storage = engine.allocate(DType.U8, dnnl_memory_desc_get_size(memory));
    copies.add(storage);
    return storage;
  }

  /** Kernels in order, with the memory that is theirs. */
  private static final class Steps implements Kernel {
    private final Kernel[] kernels;
    private final List<Storage> memory;

    Steps(List<Kernel> kernels, List<Storage> memory) {
      this.kernels = kernels.toArray(Kernel[]::new);
      this.memory = memory;
    }

    @Override
    public void run() {
      for (Kernel kernel : kernels) {
        kernel.run();
      }
    }

    @Override
    public void close() {
      for (Kernel kernel : kernels) {
        kernel.close();
      }
      memory.forEach(Storage::free);
    }
  }

  /** A kernel that need not run again as long as its input is what it was. */
  private static final class WhenChanged implements Kernel {
    private final Kernel kernel;
    private final Storage input;
    private long stamp;
    private boolean hasRun;

    WhenChanged(Kernel kernel, Storage input) {
      this.kernel = kernel;
      this.input = input;
    }

    @Override
    public void run() {
      long now = input.contentStamp();
      if (!hasRun || stamp != now) {
        kernel.run();
        stamp = now;
        hasRun = true;
      }
    }

    @Override
    public void close() {
      kernel.close();
    }
  }
}
