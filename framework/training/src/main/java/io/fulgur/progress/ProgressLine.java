package io.fulgur.progress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Tally} as one line, as {@code tqdm} does. */
final class ProgressLine {
  private static final int NARROWEST_BAR = 5;
  private static final int WIDEST_BAR = 40;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int SECONDS_PER_HOUR = 3600;
  private static final String BORDERS = "|| ";
  private static final String ELLIPSIS = "...";
  private static final String SEPARATOR = ", ";
  private static final String LEFT_OUT = SEPARATOR + ELLIPSIS + "]";
  private static final char[] BLOCKS = {' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'};
  private static final char[] ASCII = {' ', '#'};

  private ProgressLine() {}

  /**
   * Returns e.g. {@code Epoch 0: 45%|#### | 29/64 [00:01<00:02, 21.0it/s, loss=0.31]}, of the given
   * width at most; without the bar where the rest leaves no room for it.
   *
   * @param inner what goes on within, e.g. a validation; null if nothing
   * @param metrics e.g. {@code v_num=0, loss=0.31}
   */
  static String bar(
      Tally tally, @Nullable Tally inner, String metrics, int width, boolean unicode) {
    String left = tally.label() + ": ";
    String right = counts(tally) + " [" + times(tally, /* eta= */ true);
    if (inner != null) {
      right += ", " + inner.label().toLowerCase(Locale.ROOT) + " " + counts(inner);
    }
    right += (metrics.isEmpty() ? "" : ", " + metrics) + "]";
    if (!tally.isTotalKnown()) {
      return cut(left + right, width);
    }
    left += percent(tally);
    int room = width - left.length() - right.length() - BORDERS.length();
    if (room < NARROWEST_BAR) {
      // The numbers say more than a bar does.
      return cut(left + " " + right, width);
    }
    String bar = blocks(tally, Math.min(WIDEST_BAR, room), unicode ? BLOCKS : ASCII);
    return left + "|" + bar + "| " + right;
  }

  /** Returns e.g. {@code Epoch 0: 100% 64/64 [00:03, 21.0it/s, loss=0.31]}. */
  static String plain(Tally tally, String metrics) {
    return tally.label()
        + ": "
        + (tally.isTotalKnown() ? percent(tally) + " " : "")
        + counts(tally)
        + " ["
        + times(tally, /* eta= */ false)
        + (metrics.isEmpty() ? "" : ", " + metrics)
        + "]";
  }

  private static String percent(Tally tally) {
    return String.format(Locale.ROOT, "%3d%%", (int) (100 * fraction(tally)));
  }

  private static double fraction(Tally tally) {
    return tally.total() == 0 ? 1 : Math.min(1, (double) tally.done() / tally.total());
  }

  private static String counts(Tally tally) {
    return tally.isTotalKnown() ? tally.done() + "/" + tally.total() : Long.toString(tally.done());
  }

  private static String times(Tally tally, boolean eta) {
    double rate = tally.perSecond();
    StringBuilder text = new StringBuilder(duration(tally.elapsedSeconds()));
    if (eta && tally.isTotalKnown()) {
      text.append('<').append(rate == 0 ? "?" : duration((tally.total() - tally.done()) / rate));
    }
    text.append(", ");
    if (rate == 0) {
      text.append("?it/s");
    } else if (rate < 1) {
      text.append(String.format(Locale.ROOT, "%.2fs/it", 1 / rate));
    } else {
      text.append(String.format(Locale.ROOT, rate < 1000 ? "%.1fit/s" : "%.0fit/s", rate));
    }
    return text.toString();
  }

  private static String duration(double seconds) {
    long whole = (long) seconds;
    long hours = whole / SECONDS_PER_HOUR;
    long minutes = whole / SECONDS_PER_MINUTE % SECONDS_PER_MINUTE;
    long rest = whole % SECONDS_PER_MINUTE;
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, rest)
        : String.format(Locale.ROOT, "%02d:%02d", minutes, rest);
  }

  private static String blocks(Tally tally, int length, char[] symbols) {
    int parts = symbols.length - 1;
    long filled = (long) (fraction(tally) * length * parts);
    StringBuilder bar = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      long inThis = Math.max(0, Math.min(parts, filled - (long) i * parts));
      bar.append(symbols[(int) inThis]);
    }
    return bar.toString();
  }

  /** Leaves out what does not fit: whole metrics, for half a number misleads, then what is left. */
  private static String cut(String line, int width) {
    if (line.length() <= width) {
      return line;
    }
    int end = line.lastIndexOf(SEPARATOR, width - LEFT_OUT.length());
    return end > 0
        ? line.substring(0, end) + LEFT_OUT
        : line.substring(0, Math.max(0, width - ELLIPSIS.length())) + ELLIPSIS;
  }
}
