package io.fulgur.module;

/**
 * What can be passed to an annotated method; the order is that of {@link Invoker}'s parameters after
 * the module.
 */
enum Slot {
  /** What a hook is about: a loss, an optimizer, a step's output. */
  SUBJECT,
  BATCH,
  BATCH_INDEX,
  DATALOADER_INDEX;

  /** Returns the position among {@link Invoker}'s parameters, of which the first is the module. */
  int position() {
    return ordinal() + 1;
  }
}
