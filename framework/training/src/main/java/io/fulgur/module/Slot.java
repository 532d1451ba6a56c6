package io.fulgur.module;

/** What can be passed to an annotated method. */
enum Slot {
  /** What a hook is about: a loss, an optimizer, a step's output. */
  SUBJECT(1),
  /** The batch. */
  BATCH(2),
  /** Which batch of the epoch or dataloader it is. */
  BATCH_INDEX(3),
  /** Which dataloader it is from. */
  DATALOADER_INDEX(4);

  private final int position;

  Slot(int position) {
    this.position = position;
  }

  /** Returns the position among {@link Invoker}'s parameters, of which the first is the module. */
  int position() {
    return position;
  }
}
