package io.fulgur.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * What {@link PretrainedWeights#loadInto} did.
 *
 * @param loaded names of the module, each with the name in the file that it was loaded from
 * @param missing names of the module that the file has nothing for
 * @param unexpected names of the file that the module has nothing for
 * @param mismatched names of the module whose shape in the file is another
 * @since 0.1
 */
public record PretrainedReport(
    Map<String, String> loaded,
    List<String> missing,
    List<String> unexpected,
    List<String> mismatched) {
  /** Makes a report of copies. */
  public PretrainedReport {
    loaded = Map.copyOf(loaded);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    mismatched = List.copyOf(mismatched);
  }

  /** Returns whether everything in the file found its place and every place was filled. */
  public boolean isComplete() {
    return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
  }
}
