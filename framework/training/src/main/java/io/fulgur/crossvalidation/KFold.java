package io.fulgur.crossvalidation;

import io.fulgur.data.Dataset;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds out each sample once: in one of {@code k} folds of nearly equal size.
 *
 * <pre>{@code
 * List<Fold> folds = KFold.of(5).stratifiedBy("label").shuffled(1).split(dataset);
 * }</pre>
 *
 * <p>Without {@link #shuffled} the folds are those of scikit-learn's {@code KFold}, {@code
 * StratifiedKFold} and {@code GroupKFold}, sample by sample; with it, their sizes are, and in a
 * stratified one those of each class. Indices within a fold ascend. Immutable.
 *
 * @since 0.1
 */
public final class KFold implements Folds {
  private enum Rule {
    PLAIN,
    STRATIFIED,
    GROUPED
  }

  private final int k;
  private final Rule rule;
  private final String name;
  private final @Nullable Long seed;

  private KFold(int k, Rule rule, String name, @Nullable Long seed) {
    this.k = k;
    this.rule = rule;
    this.name = name;
    this.seed = seed;
  }

  /**
   * Returns folds of neighbouring samples: the first {@code size % k} have one more than the rest.
   *
   * @throws FulgurException if {@code k} is less than 2
   */
  public static KFold of(int k) {
    if (k < 2) {
      throw invalid(
          "k is %d. It must be at least 2: one part to hold out, one to train on.".formatted(k));
    }
    return new KFold(k, Rule.PLAIN, "", /* seed= */ null);
  }

  /** Returns these folds of samples in random order; equal seeds give equal folds. */
  public KFold shuffled(long newSeed) {
    return new KFold(k, rule, name, newSeed);
  }

  /**
   * Returns folds in which every class is as frequent as in all samples.
   *
   * @param label the value of a sample that tells its class, a single number
   * @throws FulgurException if these are grouped
   */
  public KFold stratifiedBy(String label) {
    return by(Rule.STRATIFIED, label);
  }

  /**
   * Returns folds between which no group is divided, such as the pictures of one patient.
   *
   * @param group the value of a sample that tells its group, a single number
   * @throws FulgurException if these are stratified
   */
  public KFold groupedBy(String group) {
    return by(Rule.GROUPED, group);
  }

  private KFold by(Rule newRule, String newName) {
    if (rule != Rule.PLAIN && rule != newRule) {
      throw invalid(
          "folds cannot be stratified by \"%s\" and grouped by \"%s\" at once. Choose one."
              .formatted(
                  newRule == Rule.STRATIFIED ? newName : name,
                  newRule == Rule.STRATIFIED ? name : newName));
    }
    return new KFold(k, newRule, newName, seed);
  }

  /**
   * {@inheritDoc} A stratified or grouped one reads every sample.
   *
   * @throws FulgurException if there are fewer samples than folds, fewer groups than folds, or
   *     fewer samples of every class than folds
   */
  @Override
  public List<Fold> split(Dataset dataset) {
    int size = Math.toIntExact(dataset.size());
    if (size < k) {
      throw invalid(
          "%d samples cannot be divided into %d folds. Use a smaller k.".formatted(size, k));
    }
    Generator random = seed == null ? null : new Generator(seed);
    FoldAssignment assignment = new FoldAssignment(k, random);
    int[] folds =
        switch (rule) {
          case PLAIN -> assignment.plain(size);
          case STRATIFIED -> assignment.stratified(SampleKeys.of(dataset, name), name);
          case GROUPED -> assignment.grouped(SampleKeys.of(dataset, name), name);
        };
    List<Fold> result = new ArrayList<>();
    for (int fold = 0; fold < k; fold++) {
      result.add(Fold.of(fold, dataset, indices(folds, fold, false), indices(folds, fold, true)));
    }
    return List.copyOf(result);
  }

  private static long[] indices(int[] folds, int fold, boolean heldOut) {
    long[] found = new long[folds.length];
    int count = 0;
    for (int i = 0; i < folds.length; i++) {
      if ((folds[i] == fold) == heldOut) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  static FulgurException invalid(String message) {
    return new FulgurException(ErrorId.INVALID_ARGUMENT, "KFold: " + message);
  }

  /** Returns e.g. {@code 5 folds stratified by "label", shuffled by seed 1}. */
  @Override
  public String toString() {
    String how =
        switch (rule) {
          case PLAIN -> "";
          case STRATIFIED -> " stratified by \"" + name + "\"";
          case GROUPED -> " grouped by \"" + name + "\"";
        };
    return k + " folds" + how + (seed == null ? "" : ", shuffled by seed " + seed);
  }
}
