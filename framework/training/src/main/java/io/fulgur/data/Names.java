package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import java.util.Collection;

/** The error of a name that is not there. */
final class Names {
  private Names() {}

  /** Makes the error; the message lists the names there are and suggests the nearest. */
  static FulgurException unknown(String owner, String name, Collection<String> known) {
    return new FulgurException(
        ErrorId.UNKNOWN_NAME,
        "%s has no \"%s\". It has: %s.%s"
            .formatted(
                owner,
                name,
                known.isEmpty() ? "nothing" : String.join(", ", known),
                Suggestions.didYouMean(name, known)));
  }
}
