package io.fulgur.module;

import io.fulgur.data.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Calls one annotated method of a module. Implemented by generated classes.
 *
 * <p>One shape serves every step and hook, so that a call allocates nothing and dispatches through
 * one interface; what the method does not take is passed and dropped.
 */
interface Invoker {
  /**
   * Calls the method. Whatever it throws, checked or not, comes out as it is.
   *
   * @return what the method returned; {@code null} if it returns nothing
   */
  @Nullable Object invoke(
      FulgurModule module,
      @Nullable Object subject,
      @Nullable Batch batch,
      int batchIndex,
      int dataloaderIndex);
}
