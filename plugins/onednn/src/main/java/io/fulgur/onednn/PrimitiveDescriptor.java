package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_impl_info_str;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.function.ToIntBiFunction;
import org.bytedeco.dnnl.const_dnnl_op_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** How oneDNN is going to compute something: by which implementation, on which memory. */
final class PrimitiveDescriptor implements AutoCloseable {
  private final dnnl_primitive_desc handle;

  private PrimitiveDescriptor(dnnl_primitive_desc handle) {
    this.handle = handle;
  }

  /** Describes an operation, or returns null if there is no good implementation here. */
  static @Nullable PrimitiveDescriptor of(Pointer operation) {
    return of(operation, /* accumulate= */ false, null);
  }

  /** As {@link #of(Pointer)}, adding to what the destination holds. */
  static @Nullable PrimitiveDescriptor accumulating(Pointer operation) {
    return of(operation, /* accumulate= */ true, null);
  }

  /** As {@link #of(Pointer)}, of a gradient, which follows the forward operation. */
  static @Nullable PrimitiveDescriptor backward(Pointer operation, PrimitiveDescriptor forward) {
    return of(operation, /* accumulate= */ false, forward.handle);
  }

  private static @Nullable PrimitiveDescriptor of(
      Pointer operation, boolean accumulate, @Nullable dnnl_primitive_desc forward) {
    return create(
        accumulate,
        (made, attributes) ->
            dnnl_primitive_desc_create(
                made,
                new const_dnnl_op_desc_t(operation),
                attributes,
                OneDnn.engine(),
                forward == null ? new dnnl_primitive_desc() : forward));
  }

  /** Describes copying an operand into the order that a primitive wants it in. */
  static PrimitiveDescriptor reorder(dnnl_memory_desc_t from, dnnl_memory_desc_t to) {
    PrimitiveDescriptor reorder = reorderIfPossible(from, to);
    if (reorder == null) {
      throw new FulgurException(
          ErrorId.KERNEL_FAILED, "oneDNN cannot reorder an operand as it wants it itself");
    }
    return reorder;
  }

  /** Describes copying into memory of another order or type. */
  static @Nullable PrimitiveDescriptor reorderIfPossible(
      dnnl_memory_desc_t from, dnnl_memory_desc_t to) {
    return create(
        /* accumulate= */ false,
        (made, attributes) ->
            dnnl_reorder_primitive_desc_create(
                made, from, OneDnn.engine(), to, OneDnn.engine(), attributes));
  }

  private static @Nullable PrimitiveDescriptor create(
      boolean accumulate, ToIntBiFunction<dnnl_primitive_desc, dnnl_primitive_attr> maker) {
    dnnl_primitive_attr attributes = attributes(accumulate);
    try {
      dnnl_primitive_desc made = new dnnl_primitive_desc();
      if (maker.applyAsInt(made, attributes) != dnnl_success) {
        return null;
      }
      PrimitiveDescriptor descriptor = new PrimitiveDescriptor(made);
      if (descriptor.isReference()) {
        descriptor.close();
        return null;
      }
      return descriptor;
    } finally {
      dnnl_primitive_attr_destroy(attributes);
    }
  }

  private static dnnl_primitive_attr attributes(boolean accumulate) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    OneDnn.check(dnnl_primitive_attr_create(attributes), "creating attributes");
    OneDnn.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "setting the scratchpad");
    if (accumulate) {
      dnnl_post_ops then = new dnnl_post_ops();
      OneDnn.check(dnnl_post_ops_create(then), "creating post-operations");
      OneDnn.check(dnnl_post_ops_append_sum(then, 1), "adding to the output");
      OneDnn.check(dnnl_primitive_attr_set_post_ops(attributes, then), "setting post-operations");
      dnnl_post_ops_destroy(then);
    }
    return attributes;
  }

  dnnl_primitive_desc handle() {
    return handle;
  }

  /** Returns the memory that an operand has to be in, as long as this is open. */
  dnnl_memory_desc_t memory(int query) {
    return dnnl_primitive_desc_query_md(handle, query, 0);
  }

  /** Returns the name of the implementation, e.g. {@code brgconv:avx512_core}. */
  String implementation() {
    try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
      OneDnn.check(
          dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, name),
          "asking for the implementation");
      return name.get(BytePointer.class, 0).getString();
    }
  }

  /** Returns whether this is oneDNN's plain loop, which exists to test the others. */
  private boolean isReference() {
    String name = implementation();
    return name.startsWith("ref") || name.contains(":ref");
  }

  @Override
  public void close() {
    dnnl_primitive_desc_destroy(handle);
  }
}
