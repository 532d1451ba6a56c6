package io.fulgur.tensor;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A block of an engine's memory, holding elements of one type.
 *
 * <p>Memory comes from one of two places. <em>Long-lived</em> blocks (parameters, optimizer state,
 * tensors made outside a {@link StepScope}) are freed by the garbage collector or by {@link
 * #free()}. <em>Pooled</em> blocks belong to a step scope: they count their holders, go back to the
 * pool when nobody holds them, and all go back when the scope closes.
 *
 * @since 0.1
 */
public abstract class Storage {
  private final Engine engine;
  private final DType dtype;
  private final long elements;

  /** Where a pooled block goes back to; null for a long-lived one. */
  MemoryPool.@Nullable SizeClass home;

  private int holders;
  private int generation;
  private int version;
  private @Nullable View lastContiguous;
  private @Nullable View lastChannelsLast;

  /** Makes a block of the given size; the subclass owns the memory. */
  protected Storage(Engine engine, DType dtype, long elements) {
    this.engine = engine;
    this.dtype = dtype;
    this.elements = elements;
  }

  /** Returns the engine whose memory this is. */
  public final Engine engine() {
    return engine;
  }

  /** Returns the element type. */
  public final DType dtype() {
    return dtype;
  }

  /** Returns how many elements fit. */
  public final long elements() {
    return elements;
  }

  /**
   * Returns bytes of this block as a direct buffer in native order, or null if the host cannot
   * address the memory.
   *
   * @param offsetBytes the first byte
   * @param sizeBytes how many; at most {@code Integer.MAX_VALUE}
   */
  public abstract @Nullable ByteBuffer hostBytes(long offsetBytes, long sizeBytes);

  /** Returns the address that native kernels are given. */
  public abstract long address();

  /** Copies all remaining bytes of a buffer into this block. */
  public final void copyIn(long offsetBytes, ByteBuffer source) {
    markWritten();
    write(offsetBytes, source);
  }

  /** Copies all remaining bytes of a buffer into the memory. */
  protected abstract void write(long offsetBytes, ByteBuffer source);

  /** Fills all remaining bytes of a buffer from this block. */
  public abstract void copyOut(long offsetBytes, ByteBuffer target);

  /**
   * Gives the native memory back now rather than at some garbage collection. Tensors on it are dead
   * from then on.
   */
  public final void free() {
    generation++;
    freeMemory();
  }

  /** Gives the native memory back. */
  protected abstract void freeMemory();

  /**
   * Returns a number that is another whenever operators may have written other contents, so that
   * kernels can keep what they made of them. Contents that something else than an operator or
   * {@link #copyIn} writes are not noticed.
   */
  public final long contentStamp() {
    return (long) generation << 32 | Integer.toUnsignedLong(version);
  }

  /** Returns a number that changes when the memory is handed to another tensor. */
  final int generation() {
    return generation;
  }

  /** Returns a number that grows with each write after the first. */
  final int version() {
    return version;
  }

  final void markWritten() {
    version++;
  }

  final void retain() {
    holders++;
  }

  /** Ends one hold; the last one gives a pooled block back. */
  final void release() {
    if (home != null && --holders == 0) {
      generation++;
      home.giveBack(this);
    }
  }

  /** Takes the block away from all holders: its scope has closed. */
  final void reclaim() {
    holders = 0;
    generation++;
  }

  /** Returns the row-major view from the start, the same object as last time where the shape is. */
  final View contiguousView(Shape shape) {
    View view = lastContiguous;
    if (view == null || !view.shape().equals(shape)) {
      view = View.contiguous(this, 0, shape);
      lastContiguous = view;
    }
    return view;
  }

  /** Returns the dense view from the start, the same object as last time where the shape is. */
  final View denseView(Shape shape, MemoryFormat format) {
    if (format == MemoryFormat.ROW_MAJOR) {
      return contiguousView(shape);
    }
    View view = lastChannelsLast;
    if (view == null || !view.shape().equals(shape)) {
      view = View.dense(this, 0, shape, format);
      lastChannelsLast = view;
    }
    return view;
  }
}
