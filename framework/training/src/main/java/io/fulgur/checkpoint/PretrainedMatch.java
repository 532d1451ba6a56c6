package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.error.Suggestions;
import io.fulgur.nn.Module;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which tensor of a file belongs to which of a module, and what is left over on both sides. */
final class PretrainedMatch {
  private static final String COUNTER = "num_batches_tracked";

  private final SafeTensorsReader reader;
  private final UnaryOperator<String> mapping;
  private final Map<String, Tensor> targets;
  private final Map<String, String> aliases;

  /** Names of the module, each with those in the file; several if the module has them tied. */
  private final Map<String, List<String>> sources = new LinkedHashMap<>();

  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> mismatched = new ArrayList<>();

  PretrainedMatch(Module module, SafeTensorsReader reader, UnaryOperator<String> mapping) {
    this.reader = reader;
    this.mapping = mapping;
    this.targets = module.stateDict();
    this.aliases = module.aliases();
    for (String name : reader.entries().keySet()) {
      String target = target(mapping.apply(name));
      if (target != null) {
        sources.computeIfAbsent(target, t -> new ArrayList<>()).add(name);
      } else if (!name.endsWith(COUNTER)) {
        unexpected.add(name);
      }
    }
    for (String name : targets.keySet()) {
      if (!sources.containsKey(name)) {
        missing.add(name);
      }
    }
    sources.forEach(
        (name, files) -> {
          if (!files.stream().allMatch(file -> fits(target(targets, name), entry(file)))) {
            mismatched.add(name);
          }
        });
  }

  private @Nullable String target(String name) {
    for (String candidate : List.of(name, PyTorchNames.toFulgur(name))) {
      if (targets.containsKey(candidate)) {
        return candidate;
      }
      String primary = aliases.get(candidate);
      if (primary != null) {
        return primary;
      }
    }
    return null;
  }

  private static boolean fits(Tensor target, SafeTensorsEntry source) {
    return target.shape().equals(source.shape())
        && target.dtype().isFloating() == source.dtype().isFloating();
  }

  /** Throws an error that tells of everything that does not fit, if there is anything. */
  void requireFits(Path file, boolean strict, boolean skipsMismatched) {
    List<String> mistakes = new ArrayList<>();
    if (!skipsMismatched) {
      mismatched.forEach(name -> mistakes.add(mismatch(name)));
    }
    if (strict) {
      List<String> unused = unexpected.stream().map(this::mapped).toList();
      for (String name : missing) {
        mistakes.add(
            "Missing: %s, %s.%s"
                .formatted(
                    name, type(target(targets, name)), Suggestions.didYouMean(name, unused)));
      }
      for (String name : unexpected) {
        String mapped = mapped(name);
        mistakes.add(
            "Unexpected: %s, %s%s.%s"
                .formatted(
                    name,
                    type(entry(name)),
                    mapped.equals(name) ? "" : ", here " + mapped,
                    Suggestions.didYouMean(mapped, missing)));
      }
    }
    sources.forEach(
        (name, files) -> {
          if (files.size() > 1 && !mismatched.contains(name) && !sameValues(files)) {
            mistakes.add(
                "Not tied: %s is one tensor in the module, but %s differ in the file."
                    .formatted(name, String.join(" and ", files)));
          }
        });
    if (!mistakes.isEmpty()) {
      throw new FulgurException(ErrorId.STATE_DICT_MISMATCH, text(file, mistakes));
    }
  }

  private String text(Path file, List<String> mistakes) {
    StringBuilder text = new StringBuilder();
    text.append("The weights of %s do not fit the module; nothing was loaded.".formatted(file));
    for (int i = 0; i < mistakes.size(); i++) {
      text.append("\n   %d) %s".formatted(i + 1, mistakes.get(i)));
    }
    text.append(
        "\n   Map names with rename, removePrefix or map. With strict(false), missing and"
            + " unexpected names are left alone; with skipMismatched(true), weights of another"
            + " shape.");
    return text.toString();
  }

  private String mismatch(String name) {
    List<String> files = sources.getOrDefault(name, List.of());
    return "Mismatched: %s is %s in the module, but %s in the file."
        .formatted(
            name,
            type(target(targets, name)),
            String.join(" and ", files.stream().map(file -> type(entry(file))).toList()));
  }

  private boolean sameValues(List<String> files) {
    double[] first = reader.read(files.get(0)).toDoubleArray();
    return files.stream()
        .skip(1)
        .allMatch(file -> Arrays.equals(first, reader.read(file).toDoubleArray()));
  }

  /** Reads what fits, in the types of the module. */
  Map<String, Tensor> read() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    sources.forEach(
        (name, files) -> {
          if (!mismatched.contains(name)) {
            DType dtype = target(targets, name).dtype();
            Tensor value = reader.read(files.get(0));
            state.put(name, value.dtype() == dtype ? value : value.to(dtype));
          }
        });
    return state;
  }

  PretrainedReport report() {
    Map<String, String> loaded = new LinkedHashMap<>();
    sources.forEach(
        (name, files) -> {
          if (!mismatched.contains(name)) {
            loaded.put(name, files.get(0));
          }
        });
    return new PretrainedReport(loaded, missing, unexpected, mismatched);
  }

  private String mapped(String name) {
    return PyTorchNames.toFulgur(mapping.apply(name));
  }

  private SafeTensorsEntry entry(String name) {
    SafeTensorsEntry entry = reader.entries().get(name);
    if (entry == null) {
      throw new IllegalStateException(name + " is not in the file");
    }
    return entry;
  }

  private static Tensor target(Map<String, Tensor> targets, String name) {
    Tensor target = targets.get(name);
    if (target == null) {
      throw new IllegalStateException(name + " is not in the module");
    }
    return target;
  }

  private static String type(Tensor tensor) {
    return tensor.dtype().toString() + tensor.shape();
  }

  private static String type(SafeTensorsEntry entry) {
    return entry.dtype().toString() + entry.shape();
  }
}
