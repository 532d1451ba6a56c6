package io.fulgur.callback;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with the options of a callback, to report all of it at once. */
final class OptionMistakes {
  private final String owner;
  private final List<String> mistakes = new ArrayList<>();

  OptionMistakes(String owner) {
    this.owner = owner;
  }

  /** Adds a mistake unless a condition holds. */
  void require(boolean condition, String mistake) {
    if (!condition) {
      mistakes.add(mistake);
    }
  }

  void throwIfAny() {
    if (mistakes.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder(owner + " has options that cannot be:");
    for (int i = 0; i < mistakes.size(); i++) {
      text.append("\n%d) %s".formatted(i + 1, mistakes.get(i)));
    }
    throw new FulgurException(ErrorId.INVALID_OPTIONS, text.toString());
  }
}
