package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_scratchpad_md;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Engine;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.View;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** A primitive of oneDNN with its operands set up once; running it is a single native call. */
final class PrimitiveKernel implements Kernel {
  private static final AtomicLong LIVE = new AtomicLong();

  private final dnnl_stream stream = OneDnn.stream();
  private final dnnl_primitive primitive;
  private final dnnl_exec_arg_t arguments;
  private final int argumentCount;
  private final List<dnnl_memory> memories;
  private final @Nullable dnnl_memory scratch;

  /** The working memory of the thread, or null if this has its own. */
  private final @Nullable Scratchpad shared;

  private final @Nullable Storage own;
  private final Address place = new Address(0);
  private long boundScratch;

  /** Whether to run on the calling thread alone. */
  private final boolean alone;

  private PrimitiveKernel(Builder builder, @Nullable dnnl_memory scratch, @Nullable Storage own) {
    this.primitive = new dnnl_primitive();
    OneDnn.check(
        dnnl_primitive_create(primitive, builder.descriptor.handle()), "creating a primitive");
    this.memories = builder.memories;
    this.scratch = scratch;
    this.own = own;
    this.shared = scratch == null || own != null ? null : Scratchpad.current();
    this.boundScratch = shared == null ? 0 : shared.address();
    this.argumentCount = memories.size();
    this.arguments = new dnnl_exec_arg_t(argumentCount);
    for (int i = 0; i < argumentCount; i++) {
      arguments.position(i).arg(builder.numbers.get(i)).memory(memories.get(i));
    }
    arguments.position(0);
    this.alone = builder.alone;
    LIVE.incrementAndGet();
  }

  /** Returns how many are not closed, in the whole process. */
  static long live() {
    return LIVE.get();
  }

  /** Binds a primitive to its operands. */
  static final class Builder {
    private final PrimitiveDescriptor descriptor;
    private final List<Integer> numbers = new ArrayList<>();
    private final List<dnnl_memory> memories = new ArrayList<>();
    private boolean alone;
    private boolean anyThread;

    Builder(PrimitiveDescriptor descriptor) {
      this.descriptor = descriptor;
    }

    /** Adds an operand in a view's memory. */
    Builder with(int number, dnnl_memory_desc_t memory, View view) {
      return with(
          number, memory, view.storage().address() + view.offset() * view.dtype().sizeBytes());
    }

    /** Adds an operand in memory of the kernel's own. */
    Builder with(int number, dnnl_memory_desc_t memory, Storage storage) {
      return with(number, memory, storage.address());
    }

    private Builder with(int number, dnnl_memory_desc_t memory, long address) {
      add(number, memory, address);
      return this;
    }

    private dnnl_memory add(int number, dnnl_memory_desc_t memory, long address) {
      dnnl_memory made = new dnnl_memory();
      OneDnn.check(
          dnnl_memory_create(made, memory, OneDnn.engine(), new Address(address)),
          "looking at memory");
      numbers.add(number);
      memories.add(made);
      return made;
    }

    /** Lets it run on the calling thread alone. */
    Builder alone(boolean value) {
      alone = value;
      return this;
    }

    /** Adds an operand that is told by {@link PrimitiveKernel#move} before each run. */
    Builder moving(int number, dnnl_memory_desc_t memory) {
      return with(number, memory, 0);
    }

    /** Lets it run on other threads than this one, which then share no working memory with it. */
    Builder anyThread() {
      anyThread = true;
      return this;
    }

    PrimitiveKernel build(Engine engine) {
      dnnl_memory_desc_t wanted = descriptor.memory(dnnl_query_scratchpad_md);
      long sizeBytes = dnnl_memory_desc_get_size(wanted);
      dnnl_memory scratch = null;
      Storage own = null;
      if (sizeBytes > 0 && anyThread) {
        own = engine.allocate(DType.U8, sizeBytes);
        scratch = add(DNNL_ARG_SCRATCHPAD, wanted, own.address());
      } else if (sizeBytes > 0) {
        Scratchpad.current().reserve(engine, sizeBytes);
        scratch = add(DNNL_ARG_SCRATCHPAD, wanted, Scratchpad.current().address());
      }
      engine.statistics().countContext();
      return new PrimitiveKernel(this, scratch, own);
    }
  }

  /**
   * Moves an operand.
   *
   * @param operand its place in the order in which the operands were added
   */
  void move(int operand, long address) {
    OneDnn.check(
        dnnl_memory_set_data_handle(memories.get(operand), place.at(address)), "moving an operand");
  }

  @Override
  public void run() {
    if (scratch != null && shared != null && boundScratch != shared.address()) {
      boundScratch = shared.address();
      OneDnn.check(
          dnnl_memory_set_data_handle(scratch, place.at(boundScratch)), "moving the scratchpad");
    }
    if (alone) {
      OpenMp.leaveTeam();
    }
    int status = dnnl_primitive_execute(primitive, stream, argumentCount, arguments);
    if (alone) {
      OpenMp.joinTeam();
    }
    OneDnn.check(status, "running a primitive");
  }

  @Override
  public void close() {
    dnnl_primitive_destroy(primitive);
    memories.forEach(memory -> dnnl_memory_destroy(memory));
    arguments.deallocate();
    if (own != null) {
      own.free();
    }
    LIVE.decrementAndGet();
  }

  /** A pointer that owns nothing. */
  private static final class Address extends Pointer {
    Address(long at) {
      super((Pointer) null);
      address = at;
    }

    Address at(long place) {
      address = place;
      return this;
    }
  }
}
