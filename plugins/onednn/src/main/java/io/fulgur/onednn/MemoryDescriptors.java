package io.fulgur.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_by_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_by_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_u8;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.View;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.jspecify.annotations.Nullable;

/** Descriptions of memory: type, sizes and where each element is. */
final class MemoryDescriptors {
  private MemoryDescriptors() {}

  /** Returns whether oneDNN computes with this type here. */
  static boolean supports(DType dtype) {
    return dtype == DType.F32 || dtype == DType.BF16;
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> dnnl_f32;
      case BF16 -> dnnl_bf16;
      case U8 -> dnnl_u8;
      default -> throw new IllegalArgumentException("oneDNN has no kernels of " + dtype);
    };
  }

  /** Describes a view as it lies, or returns null if oneDNN cannot look at it. */
  static @Nullable dnnl_memory_desc_t of(View view) {
    return strided(view.dtype(), view.shape().toArray(), view.strides());
  }

  /** Describes the elements of a dense view as one row. */
  static dnnl_memory_desc_t flat(View view) {
    return vector(view.dtype(), view.elements());
  }

  static dnnl_memory_desc_t vector(DType dtype, long elements) {
    return required(strided(dtype, new long[] {elements}, new long[] {1}));
  }

  static dnnl_memory_desc_t rowMajor(DType dtype, Shape shape) {
    return required(strided(dtype, shape.toArray(), shape.contiguousStrides()));
  }

  /**
   * Describes a dense view in one of the orders that it lies in. Where several do, as for a single
   * channel, implementations still go by the name of the order.
   */
  static dnnl_memory_desc_t dense(View view, MemoryFormat format) {
    View named = View.dense(view.storage(), view.offset(), view.shape(), format);
    return described(named.dtype(), named.shape().toArray(), named.strides());
  }

  /** Describes memory of any strides, or returns null if elements share memory. */
  static @Nullable dnnl_memory_desc_t strided(DType dtype, long[] sizes, long[] strides) {
    dnnl_memory_desc_t descriptor = new dnnl_memory_desc_t();
    long[] canonical = strides.clone();
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 1) {
        // A stride that is never taken says nothing, but would hide a known order.
        canonical[i] = i + 1 < sizes.length ? sizes[i + 1] * canonical[i + 1] : 1;
      }
    }
    return describe(descriptor, dtype, sizes, canonical) ? descriptor : null;
  }

  private static dnnl_memory_desc_t described(DType dtype, long[] sizes, long[] strides) {
    dnnl_memory_desc_t descriptor = new dnnl_memory_desc_t();
    return required(describe(descriptor, dtype, sizes, strides) ? descriptor : null);
  }

  private static boolean describe(
      dnnl_memory_desc_t descriptor, DType dtype, long[] sizes, long[] strides) {
    return dnnl_memory_desc_init_by_strides(descriptor, sizes.length, sizes, type(dtype), strides)
        == dnnl_success;
  }

  /** Describes memory whose order the primitive may choose. */
  static dnnl_memory_desc_t any(DType dtype, long... sizes) {
    dnnl_memory_desc_t descriptor = new dnnl_memory_desc_t();
    OneDnn.check(
        dnnl_memory_desc_init_by_tag(
            descriptor, sizes.length, sizes, type(dtype), dnnl_format_tag_any),
        "describing memory");
    return descriptor;
  }

  /** Describes that there is no such operand. */
  static dnnl_memory_desc_t none() {
    return new dnnl_memory_desc_t().ndims(0);
  }

  private static dnnl_memory_desc_t required(@Nullable dnnl_memory_desc_t descriptor) {
    if (descriptor == null) {
      throw new IllegalStateException("oneDNN does not take a dense tensor");
    }
    return descriptor;
  }
}
