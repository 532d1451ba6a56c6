package io.fulgur.crossvalidation;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one fold.
 *
 * @param fold its number, counted from 0
 * @param trainSamples how many samples there were to train on, those to validate on included
 * @param heldOutSamples how many samples were held out
 * @param epochs how many epochs it was trained for
 * @param metrics what was logged when it was judged, by name
 * @param bestModelPath the checkpoint whose weights were judged; null if the trainer kept none, so
 *     that the weights at the end were
 * @param logDir the folder of the run
 * @since 0.1
 */
public record FoldResult(
    int fold,
    long trainSamples,
    long heldOutSamples,
    int epochs,
    Map<String, Double> metrics,
    @Nullable Path bestModelPath,
    Path logDir) {
  /** Copies the metrics, keeping their order. */
  public FoldResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
