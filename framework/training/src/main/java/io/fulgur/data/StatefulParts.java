package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.checkpoint.Stateful;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;

/**
 * Those data sets and samplers that have a state of their own, also inside of others, in order.
 *
 * @param parts none of them made of others
 */
record StatefulParts(List<Stateful> parts) {

  /** A data set or sampler that is made of others and has no state beside theirs. */
  interface Composed {
    /** Returns what it is made of, in the same order each time. */
    List<?> parts();
  }

  static StatefulParts of(Object... roots) {
    List<Stateful> found = new ArrayList<>();
    for (Object root : roots) {
      collect(root, found);
    }
    return new StatefulParts(List.copyOf(found));
  }

  private static void collect(Object part, List<Stateful> found) {
    if (part instanceof Stateful stateful) {
      found.add(stateful);
    } else if (part instanceof Composed composed) {
      composed.parts().forEach(inner -> collect(inner, found));
    }
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Returns the states as they are now; an empty one if there are none. */
  State state() {
    if (parts.isEmpty()) {
      return State.empty();
    }
    State.Builder all = State.builder();
    for (int i = 0; i < parts.size(); i++) {
      all.child(Integer.toString(i), save(parts.get(i)));
    }
    return all.build();
  }

  /** Restores what {@link #state()} has returned; {@code what} names the whole in messages. */
  void load(State saved, String what) {
    if (saved.children().size() != parts.size()) {
      throw new FulgurException(
          ErrorId.STATE_MISMATCH,
          "%s reads from %d data sets and samplers that are Stateful, but the state is of %d. Restore it with those that it was saved with."
              .formatted(what, parts.size(), saved.children().size()));
    }
    for (int i = 0; i < parts.size(); i++) {
      load(parts.get(i), saved.child(Integer.toString(i)));
    }
  }

  /** Returns the state of a user's object. */
  static State save(Stateful part) {
    State state;
    try {
      state = part.state();
    } catch (RuntimeException e) {
      throw failed(part, "saved", "state()", e);
    }
    if (state.hasTensors()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The state of %s has tensors. Data is read on threads that must not use any: save their numbers as lists."
              .formatted(DataErrors.name(part)));
    }
    return state;
  }

  /** Gives a user's object its state back. */
  static void load(Stateful part, State saved) {
    try {
      part.loadState(saved);
    } catch (FulgurException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(part, "restored", "loadState(...)", e);
    }
  }

  private static FulgurException failed(
      Stateful part, String done, String method, RuntimeException cause) {
    return new FulgurException(
        ErrorId.DATASET_FAILED,
        "The state of %s could not be %s. Mend its %s.\n   %s"
            .formatted(DataErrors.name(part), done, method, cause),
        cause);
  }
}
