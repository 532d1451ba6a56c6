package io.fulgur;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;

/** Gathers everything wrong with a trainer that is to be built, to report all of it at once. */
final class OptionProblems {
  private final List<String> problems = new ArrayList<>();

  /** Adds a problem: a sentence without its full stop. */
  void add(String problem) {
    problems.add(problem);
  }

  void addIf(boolean wrong, String problem) {
    if (wrong) {
      add(problem);
    }
  }

  void throwIfAny() {
    if (problems.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("The trainer cannot be built:");
    for (int i = 0; i < problems.size(); i++) {
      String problem = problems.get(i);
      text.append("\n  ").append(i + 1).append(") ").append(problem);
      text.append(problem.endsWith("?") ? "" : ".");
    }
    throw new FulgurException(ErrorId.INVALID_OPTIONS, text.toString());
  }
}
