package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The error of a name that is not there. */
final class Names {
  private Names() {}

  /** Makes the error; the message lists the names there are and suggests the nearest. */
  static FulgurException unknown(String owner, String name, Collection<String> known) {
    String suggestion =
        nearest(name, known).map(near -> " Did you mean \"" + near + "\"?").orElse("");
    return new FulgurException(
        ErrorId.UNKNOWN_NAME,
        "%s has no \"%s\". It has: %s.%s"
            .formatted(
                owner, name, known.isEmpty() ? "nothing" : String.join(", ", known), suggestion));
  }

  private static Optional<String> nearest(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int most = Math.max(1, Math.min(3, name.length() / 2));
    return known.stream()
        .filter(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)) <= most)
        .min(
            Comparator.comparingInt(
                candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT))));
  }

  /** Returns how many insertions, deletions and replacements lead from one to the other. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
