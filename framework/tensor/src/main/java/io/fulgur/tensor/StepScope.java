package io.fulgur.tensor;

import org.jspecify.annotations.Nullable;

/**
 * One step of a loop. Tensors made inside live until it closes; their memory is then used by the
 * next step.
 *
 * <pre>{@code
 * try (StepScope scope = StepScope.open("train")) {
 *   Tensor loss = Losses.crossEntropy(model.call(images), labels);
 *   loss.backward();
 *   optimizer.step();
 * }
 * }</pre>
 *
 * <p>Inside a scope, operators run through prepared kernels that earlier steps of the same kind
 * made; a steady loop allocates no native memory. {@link Tensor#keep()} copies a tensor out; {@link
 * Tensor#item()} and {@code toArray} copy to the heap. A scope belongs to the thread that opened
 * it; scopes nest, and an inner one closes first.
 *
 * @since 0.1
 */
public final class StepScope implements AutoCloseable {
  private final ExecutionContext context;
  private final @Nullable StepScope outer;
  final MemoryPool pool;
  CallCache.PreparedCall cursor;
  private boolean open = true;

  private StepScope(ExecutionContext context, CallCache.PreparedCall start) {
    this.context = context;
    this.outer = context.scope;
    this.pool = context.pool(context.openScopes++);
    this.cursor = start;
  }

  /**
   * Opens a scope on this thread.
   *
   * @param kind what kind of step this is, e.g. {@code "train"}; steps of equal kind share a chain
   *     of predicted calls. Any value with {@code equals} and {@code hashCode}.
   */
  public static StepScope open(Object kind) {
    ExecutionContext context = ExecutionContext.current();
    return nested(context, context.cache.enter(kind));
  }

  /** Opens a scope inside of the present one, whose first call is that after {@code start}. */
  static StepScope nested(ExecutionContext context, CallCache.PreparedCall start) {
    StepScope scope = new StepScope(context, start);
    context.scope = scope;
    return scope;
  }

  /** Returns whether this thread is inside a scope. */
  public static boolean isOpen() {
    return ExecutionContext.current().scope != null;
  }

  /**
   * Returns how many operator calls on this thread were served from their predicted place in the
   * chain.
   */
  public static long predictedCalls() {
    return ExecutionContext.current().cache.hits();
  }

  /** Returns how many operator calls on this thread had to be looked up or prepared. */
  public static long unpredictedCalls() {
    return ExecutionContext.current().cache.lookups();
  }

  /** Returns the bytes of native memory that this thread's scopes use. */
  public static long pooledBytes() {
    return ExecutionContext.current().pooledBytes();
  }

  /**
   * Frees the memory and the kernels that this thread's scopes have gathered.
   *
   * @throws IllegalStateException if a scope is open
   */
  public static void clearThread() {
    ExecutionContext context = ExecutionContext.current();
    if (context.scope != null) {
      throw new IllegalStateException("Close the step scope before clearing its thread's memory");
    }
    context.clear();
  }

  /**
   * Ends the step: every tensor made in it is dead.
   *
   * @throws IllegalStateException if an inner scope is still open or another thread opened this one
   */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    if (ExecutionContext.current() != context) {
      throw new IllegalStateException("A step scope must be closed by the thread that opened it");
    }
    if (context.scope != this) {
      throw new IllegalStateException(
          "Step scopes must be closed innermost first; use try-with-resources");
    }
    open = false;
    context.scope = outer;
    context.openScopes--;
    pool.reclaim();
  }
}
