package io.fulgur.callback.checkpoint;

import io.fulgur.callback.MonitoredMetrics;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file name with places for metrics: <code>{epoch}-{val_loss:.2f}</code> becomes {@code
 * epoch=9-val_loss=0.25}.
 *
 * <p>A place is a metric's name, and after a colon how its value is written, as in Python: {@code
 * 02d} for whole numbers, {@code .2f} or {@code .2e} for others. Without that whole numbers of
 * epochs and steps stand as they are, and other values in as many digits as they need.
 */
final class FileNameTemplate {
  static final String EXTENSION = ".ckpt";

  private static final Pattern PLACE = Pattern.compile("\\{([^{}:]+)(?::([^{}]*))?\\}");
  private static final Pattern FORMAT = Pattern.compile("(0?)(\\d*)(?:\\.(\\d+))?([dfe]?)");
  private static final int DEFAULT_PRECISION = 6;

  /** A text as it stands, or the place of a metric. */
  private record Part(String text, boolean isMetric, @Nullable Format format) {}

  /** How a number is written: {@code width} 0 for no padding, {@code precision} -1 if not said. */
  private record Format(boolean zeros, int width, int precision, char type) {}

  private final String template;
  private final boolean insertNames;
  private final List<Part> parts;
  private final Pattern names;

  /**
   * @param insertNames whether {@code name=} goes before each value
   * @throws FulgurException if the template has a brace or a format that means nothing
   */
  FileNameTemplate(String template, boolean insertNames) {
    this.template = template;
    this.insertNames = insertNames;
    this.parts = parse(template);
    StringBuilder regex = new StringBuilder();
    for (Part part : parts) {
      regex.append(part.isMetric() ? ".+" : Pattern.quote(part.text()));
    }
    this.names = Pattern.compile(regex + "(-v\\d+)?" + Pattern.quote(EXTENSION));
  }

  /** Returns whether a file of this name, with or without a version, may come from here. */
  boolean mayHaveMade(String file) {
    return names.matcher(file).matches();
  }

  private static List<Part> parse(String template) {
    List<Part> parts = new ArrayList<>();
    Matcher place = PLACE.matcher(template);
    int end = 0;
    while (place.find()) {
      addText(parts, template, template.substring(end, place.start()));
      String format = place.group(2);
      parts.add(new Part(place.group(1), true, format == null ? null : format(template, format)));
      end = place.end();
    }
    addText(parts, template, template.substring(end));
    return parts;
  }

  private static void addText(List<Part> parts, String template, String text) {
    if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
      throw invalid(template, "has a brace that encloses no metric");
    }
    if (!text.isEmpty()) {
      parts.add(new Part(text, false, null));
    }
  }

  private static Format format(String template, String text) {
    Matcher format = FORMAT.matcher(text);
    boolean known = format.matches() && (format.group(3) == null || !text.endsWith("d"));
    if (!known || text.isEmpty()) {
      throw invalid(template, "has the format \"" + text + "\"");
    }
    String type = format.group(4);
    return new Format(
        !format.group(1).isEmpty(),
        format.group(2).isEmpty() ? 0 : Integer.parseInt(format.group(2)),
        format.group(3) == null ? -1 : Integer.parseInt(format.group(3)),
        type.isEmpty() ? (format.group(3) == null ? 'd' : 'f') : type.charAt(0));
  }

  private static FulgurException invalid(String template, String mistake) {
    return new FulgurException(
        ErrorId.INVALID_FILE_NAME,
        "The file name \"%s\" %s. Write {metric}, {metric:02d} for whole numbers, or {metric:.3f} or {metric:.2e} for others."
            .formatted(template, mistake));
  }

  /**
   * Returns the name, without extension.
   *
   * @throws FulgurException if a metric is not there
   */
  String format(Map<String, Double> metrics) {
    StringBuilder name = new StringBuilder();
    for (Part part : parts) {
      if (!part.isMetric()) {
        name.append(part.text());
        continue;
      }
      Double value = metrics.get(part.text());
      if (value == null) {
        throw MonitoredMetrics.notFound(
            ErrorId.UNKNOWN_METRIC,
            "ModelCheckpoint's file name \"%s\" uses \"%s\", which was never logged."
                .formatted(template, part.text()),
            part.text(),
            metrics);
      }
      if (insertNames) {
        // A slash would make a folder.
        name.append(part.text().replace('/', '_')).append('=');
      }
      name.append(write(part, value));
    }
    return name.toString();
  }

  private String write(Part part, double value) {
    Format format = part.format();
    if (format == null) {
      return plain(value);
    }
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    String padding = (format.zeros() ? "0" : "") + (format.width() == 0 ? "" : format.width());
    if (format.width() == 0) {
      padding = "";
    }
    if (format.type() == 'd') {
      if (value != Math.rint(value)) {
        throw invalid(
            template,
            "writes \"%s\" as a whole number, but its value is %s".formatted(part.text(), value));
      }
      return String.format(Locale.ROOT, "%" + padding + "d", (long) value);
    }
    int precision = format.precision() < 0 ? DEFAULT_PRECISION : format.precision();
    return String.format(Locale.ROOT, "%" + padding + "." + precision + format.type(), value);
  }

  /** A value that came from 32 bits is written in the digits that those need. */
  private static String plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return (float) value == value ? Float.toString((float) value) : Double.toString(value);
  }

  /** Returns the template. */
  @Override
  public String toString() {
    return template;
  }
}
