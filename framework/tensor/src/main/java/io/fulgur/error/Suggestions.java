package io.fulgur.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/**
 * What a user may have meant by a name that is not there.
 *
 * @since 0.1
 */
public final class Suggestions {
  private static final int MOST_EDITS = 3;

  private Suggestions() {}

  /**
   * Returns {@code " Did you mean \"val_loss\"?"} with the nearest of the known names, or nothing
   * if none is near. Case is ignored.
   */
  public static String didYouMean(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int most = Math.max(1, Math.min(MOST_EDITS, name.length() / 2));
    return known.stream()
        .filter(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)) <= most)
        .min(
            Comparator.comparingInt(
                candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT))))
        .map(near -> " Did you mean \"" + near + "\"?")
        .orElse("");
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
