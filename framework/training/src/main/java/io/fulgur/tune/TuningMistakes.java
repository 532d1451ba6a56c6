package io.fulgur.tune;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;

/** Reports everything wrong with some options at once. */
final class TuningMistakes {
  private TuningMistakes() {}

  static void report(String owner, List<String> mistakes) {
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
