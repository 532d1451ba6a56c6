package io.fulgur.error;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers what is wrong with the options of a builder, to report all of it at once.
 *
 * <pre>{@code
 * OptionMistakes mistakes = new OptionMistakes("EmaWeightAveraging");
 * mistakes.require(decay < 1, "decay is " + decay + ", but must be below 1.");
 * mistakes.throwIfAny();
 * }</pre>
 *
 * @since 0.1
 */
public final class OptionMistakes {
  private final String owner;
  private final List<String> mistakes = new ArrayList<>();

  /** Makes an empty list of the mistakes in the options of {@code owner}. */
  public OptionMistakes(String owner) {
    this.owner = owner;
  }

  /** Adds a mistake unless a condition holds. */
  public void require(boolean condition, String mistake) {
    if (!condition) {
      mistakes.add(mistake);
    }
  }

  /**
   * Reports the mistakes.
   *
   * @throws FulgurException that lists them, numbered, if there are any
   */
  public void throwIfAny() {
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
