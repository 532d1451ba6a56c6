package io.fulgur;

import io.fulgur.error.Suggestions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Options in environment variables. */
final class OptionEnvironment {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private OptionEnvironment() {}

  /** Takes over the values of variables, but none that is empty. */
  static void read(Map<String, String> variables, OptionValues values, OptionProblems problems) {
    for (TrainerOption<?> option : TrainerOptionTable.ALL) {
      String text = variables.getOrDefault(option.variable(), "");
      if (text.isBlank()) {
        continue;
      }
      Object value = option.type().parse(text);
      if (value == null) {
        problems.add(
            "%s is \"%s\"; it must be %s"
                .formatted(option.variable(), text, option.type().allowed()));
      } else {
        values.setIfMissing(option, value, "from " + option.variable());
      }
    }
    warnOfUnknown(variables);
  }

  /**
   * Only warns: whoever runs a container may set variables of such names for other reasons, e.g.
   * Kubernetes for a service that is called {@code fulgur-trainer}.
   */
  private static void warnOfUnknown(Map<String, String> variables) {
    List<String> known =
        TrainerOptionTable.ALL.stream().<String>map(TrainerOption::variable).toList();
    for (String name : new TreeMap<>(variables).keySet()) {
      if (name.startsWith(TrainerOption.VARIABLE_PREFIX) && !known.contains(name)) {
        LOG.warn(
            "The environment variable {} is no option of the trainer and is ignored.{}",
            name,
            Suggestions.didYouMean(name, known));
      }
    }
  }
}
