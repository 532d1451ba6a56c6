package io.fulgur.parquet;

import io.fulgur.data.HostArray;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a value of a sample is read from a row. */
interface Column {
  /** Returns the name of the value. */
  String name();

  /** Reads the value; {@code where} tells of which row, for messages. */
  HostArray read(Map<String, Object> row, String where);

  private static @Nullable Object value(Map<String, Object> row, String title, String where) {
    if (!row.containsKey(title)) {
      Set<String> known = new TreeSet<>(row.keySet());
      throw new FulgurException(
          ErrorId.UNKNOWN_NAME,
          "%s: there is no column \"%s\". There are: %s.%s"
              .formatted(
                  where, title, String.join(", ", known), Suggestions.didYouMean(title, known)));
    }
    return row.get(title);
  }

  private static FulgurException invalid(
      String where, String title, @Nullable Object value, String wanted) {
    return new FulgurException(
        ErrorId.INVALID_DATA_FILE,
        "%s: column \"%s\" is %s, which is not %s. Mend the file, or read other columns."
            .formatted(
                where,
                title,
                value == null ? "null" : value.getClass().getSimpleName() + " " + value,
                wanted));
  }

  /** Numbers one after the other. */
  record Floats(String name, List<String> titles) implements Column {
    @Override
    public HostArray read(Map<String, Object> row, String where) {
      List<Float> numbers = new ArrayList<>();
      for (String title : titles) {
        add(value(row, title, where), title, where, numbers);
      }
      float[] floats = new float[numbers.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = numbers.get(i);
      }
      return HostArray.of(floats, floats.length);
    }

    private static void add(
        @Nullable Object value, String title, String where, List<Float> numbers) {
      if (value instanceof Number number) {
        numbers.add(number.floatValue());
      } else if (value instanceof Boolean truth) {
        numbers.add(truth ? 1f : 0f);
      } else if (value instanceof Collection<?> list) {
        for (Object each : list) {
          add(each, title, where, numbers);
        }
      } else {
        throw invalid(where, title, value, "a number or a list of numbers");
      }
    }
  }

  /** An integer. */
  record Longs(String name, String title) implements Column {
    @Override
    public HostArray read(Map<String, Object> row, String where) {
      Object value = value(row, title, where);
      if (value instanceof Long || value instanceof Integer || value instanceof Short) {
        return HostArray.scalar(((Number) value).longValue());
      }
      if (value instanceof Byte number) {
        return HostArray.scalar(number.longValue());
      }
      if (value instanceof Boolean truth) {
        return HostArray.scalar(truth ? 1L : 0L);
      }
      throw invalid(where, title, value, "an integer");
    }
  }

  /** The place of a name among the classes. */
  record Labels(String name, String title, List<String> classes) implements Column {
    @Override
    public HostArray read(Map<String, Object> row, String where) {
      Object value = value(row, title, where);
      int label = value == null ? -1 : classes.indexOf(value.toString());
      if (label < 0) {
        throw invalid(where, title, value, "one of the classes " + String.join(", ", classes));
      }
      return HostArray.scalar((long) label);
    }
  }
}
