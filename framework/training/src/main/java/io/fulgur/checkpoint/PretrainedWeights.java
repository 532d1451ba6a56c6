package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.Module;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Weights that were trained elsewhere, above all a PyTorch {@code state_dict} in a safetensors
 * file, to be loaded into a module by name.
 *
 * <pre>{@code
 * PretrainedWeights.from(Path.of("resnet20.safetensors"))
 *     .removePrefix("module.")
 *     .rename("^fc\\.", "head.")
 *     .loadInto(net);
 * }</pre>
 *
 * <p>A name in the file first passes through the mappings, in the order in which they were given.
 * What comes out is a name of the module, as it is or in Java's style, see {@link PyTorchNames}:
 * {@code in_proj_weight} finds {@code inProjWeight}. A parameter that the module has under several
 * names, as tied weights are, is found by each. Numbers of another floating-point type are
 * converted, so a 16-bit file loads into a module of {@code F32}. PyTorch's {@code
 * num_batches_tracked} is passed over where the module counts nothing.
 *
 * <p>Write the file in Python by {@code safetensors.torch.save_file(model.state_dict(), path)}. An
 * object of this class is immutable.
 *
 * @since 0.1
 */
public final class PretrainedWeights {
  private final Path file;
  private final List<UnaryOperator<String>> mappings;
  private final boolean strict;
  private final boolean skipsMismatched;

  private PretrainedWeights(
      Path file, List<UnaryOperator<String>> mappings, boolean strict, boolean skipsMismatched) {
    this.file = file;
    this.mappings = List.copyOf(mappings);
    this.strict = strict;
    this.skipsMismatched = skipsMismatched;
  }

  /** Names a safetensors file. It is read when its weights are loaded. */
  public static PretrainedWeights from(Path file) {
    return new PretrainedWeights(file, List.of(), /* strict= */ true, /* skipsMismatched= */ false);
  }

  /** Adds a mapping from names in the file to those of the module. */
  public PretrainedWeights map(UnaryOperator<String> mapping) {
    List<UnaryOperator<String>> more = new ArrayList<>(mappings);
    more.add(mapping);
    return new PretrainedWeights(file, more, strict, skipsMismatched);
  }

  /**
   * Replaces what a regular expression finds in names.
   *
   * @param regex as of {@link Pattern}
   * @param replacement may use groups, {@code $1}
   * @throws FulgurException if the expression is not valid
   */
  public PretrainedWeights rename(String regex, String replacement) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "rename(\"%s\", \"%s\"): the first is not a regular expression: %s. Quote what is meant literally by Pattern.quote."
              .formatted(regex, replacement, e.getDescription()),
          e);
    }
    return map(name -> pattern.matcher(name).replaceAll(replacement));
  }

  /** Takes a prefix off the names that have it, as {@code module.} of a DataParallel model. */
  public PretrainedWeights removePrefix(String prefix) {
    return map(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  /** Puts a prefix before all names: for a file of what is a part of the module. */
  public PretrainedWeights addPrefix(String prefix) {
    return map(name -> prefix + name);
  }

  /**
   * Tells whether names that are missing in the file or unexpected there are errors, as they are
   * unless this says otherwise, rather than left alone.
   */
  public PretrainedWeights strict(boolean newStrict) {
    return new PretrainedWeights(file, mappings, newStrict, skipsMismatched);
  }

  /**
   * Tells whether weights of another shape are left alone rather than errors: so a head for another
   * number of classes keeps its initial values.
   */
  public PretrainedWeights skipMismatched(boolean skip) {
    return new PretrainedWeights(file, mappings, strict, skip);
  }

  /**
   * Loads the weights.
   *
   * @return what was loaded and what was not
   * @throws FulgurException if the file cannot be read; or if weights do not fit, in which case the
   *     message lists all that do not, with what may have been meant, and nothing is loaded
   */
  public PretrainedReport loadInto(Module module) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      PretrainedMatch match = new PretrainedMatch(module, reader, this::map);
      match.requireFits(file, strict, skipsMismatched);
      module.loadStateDict(match.read(), /* strict= */ false);
      return match.report();
    }
  }

  private String map(String name) {
    String mapped = name;
    for (UnaryOperator<String> mapping : mappings) {
      mapped = mapping.apply(mapped);
    }
    return mapped;
  }

  /**
   * Writes a module's parameters and buffers by PyTorch's names, for {@code
   * model.load_state_dict(safetensors.torch.load_file(path))} in Python. Tied weights are written
   * under the first of their names, so there {@code strict=False} is needed.
   *
   * @throws FulgurException if the file cannot be written
   */
  public static void save(Module module, Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    module.stateDict().forEach((name, tensor) -> tensors.put(PyTorchNames.toPyTorch(name), tensor));
    SafeTensorsWriter.write(file, tensors, Map.of("format", "pt"));
  }
}
