package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Where an iterator stands, if it or what made it can tell. */
final class IteratorPlace {
  private static final String ITERATOR = "iterator";

  private IteratorPlace() {}

  /**
   * Starts to describe the place of an iterator.
   *
   * @param ownerKnows whether what made it has a state that tells the place
   * @return null if neither can tell
   */
  static State.@Nullable Builder of(Iterator<?> iterator, boolean ownerKnows) {
    return ownerKnows || iterator instanceof Stateful ? of(iterator) : null;
  }

  /** Starts to describe the place of an iterator that can tell it, or whose owner can. */
  static State.Builder of(Iterator<?> iterator) {
    State.Builder place = State.builder();
    return iterator instanceof Stateful stateful
        ? place.child(ITERATOR, StatefulParts.save(stateful))
        : place;
  }

  /** Puts a new iterator at a saved place; does nothing where its owner has been put there. */
  static void restore(Iterator<?> iterator, State place, Object owner) {
    if (!place.hasChild(ITERATOR)) {
      return;
    }
    if (!(iterator instanceof Stateful stateful)) {
      throw new FulgurException(
          ErrorId.STATE_MISMATCH,
          "The state was saved with that of an iterator of %s, which is not Stateful now. Restore it with the class that it was saved with, or start the epoch anew."
              .formatted(DataErrors.name(owner)));
    }
    StatefulParts.load(stateful, place.child(ITERATOR));
  }
}
