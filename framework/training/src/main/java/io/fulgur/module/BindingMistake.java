package io.fulgur.module;

import io.fulgur.error.ErrorId;

/**
 * One thing that is wrong with a module's annotated methods.
 *
 * @param id what kind of mistake it is
 * @param what what is wrong, and what is allowed
 * @param where the class, or the method with its signature
 * @param mend what to do
 * @since 0.1
 */
public record BindingMistake(ErrorId id, String what, String where, String mend) {
  @Override
  public String toString() {
    return "["
        + id.label()
        + "] "
        + what
        + "\n   Where: "
        + where.replace("\n", "\n          ")
        + "\n   Mend:  "
        + mend.replace("\n", "\n          ");
  }
}
