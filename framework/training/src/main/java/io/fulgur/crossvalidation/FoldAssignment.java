package io.fulgur.crossvalidation;

import io.fulgur.tensor.Generator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides in which of {@code k} folds each sample is held out, by the rules of scikit-learn. */
final class FoldAssignment {
  private static final Logger LOG = LoggerFactory.getLogger(KFold.class);

  private final int k;
  private final @Nullable Generator random;

  /**
   * @param random shuffles; null to keep the order of the samples
   */
  FoldAssignment(int k, @Nullable Generator random) {
    this.k = k;
    this.random = random;
  }

  /** Gives blocks of samples to each fold, the first {@code size % k} being one larger. */
  int[] plain(int size) {
    int[] folds = new int[size];
    int next = 0;
    for (int fold = 0; fold < k; fold++) {
      int end = next + size / k + (fold < size % k ? 1 : 0);
      Arrays.fill(folds, next, end, fold);
      next = end;
    }
    shuffle(folds);
    return folds;
  }

  /**
   * Gives blocks of each class to each fold.
   *
   * <p>How many of a class a fold gets is found by dealing out all samples, sorted by class, one by
   * one: so the folds' sizes differ by at most one, and so do the numbers of each class.
   */
  int[] stratified(SampleKeys classes, String name) {
    int[] counts = classes.frequencies();
    int least = Arrays.stream(counts).min().orElse(0);
    if (Arrays.stream(counts).allMatch(count -> count < k)) {
      throw KFold.invalid(
          "no class of \"%s\" has as many samples as the %d folds; the most frequent has %d. Use a smaller k."
              .formatted(name, k, Arrays.stream(counts).max().orElse(0)));
    }
    if (least < k) {
      LOG.warn(
          "The least frequent class of \"{}\" has {} samples, fewer than the {} folds: some folds"
              + " hold out none of it",
          name,
          least,
          k);
    }
    int[] ofSample = classes.ofSample();
    int[] folds = new int[ofSample.length];
    int dealt = 0;
    for (int each = 0; each < counts.length; each++) {
      int[] ofClass = foldsOfClass(counts[each], dealt);
      dealt += counts[each];
      int next = 0;
      for (int i = 0; i < folds.length; i++) {
        if (ofSample[i] == each) {
          folds[i] = ofClass[next++];
        }
      }
    }
    return folds;
  }

  /** Returns the folds of the samples of a class in order, after so many others were dealt out. */
  private int[] foldsOfClass(int count, int dealt) {
    int[] folds = new int[count];
    for (int i = 0; i < count; i++) {
      folds[i] = (dealt + i) % k;
    }
    Arrays.sort(folds);
    shuffle(folds);
    return folds;
  }

  /** Gives groups, the largest first, each to the fold that has the fewest samples then. */
  int[] grouped(SampleKeys groups, String name) {
    int[] counts = groups.frequencies();
    if (counts.length < k) {
      throw KFold.invalid(
          "\"%s\" has %d groups, fewer than the %d folds. Use a smaller k."
              .formatted(name, counts.length, k));
    }
    int[] ties = new int[counts.length];
    for (int group = 0; group < ties.length; group++) {
      // Of groups of one size, scikit-learn takes the last first.
      ties[group] = -groups.rank(group);
    }
    shuffle(ties);
    int[] order =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(group -> -counts[group])
                    .thenComparingInt(group -> ties[group]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sizes = new long[k];
    int[] foldOfGroup = new int[counts.length];
    for (int group : order) {
      int lightest = 0;
      for (int fold = 1; fold < k; fold++) {
        if (sizes[fold] < sizes[lightest]) {
          lightest = fold;
        }
      }
      sizes[lightest] += counts[group];
      foldOfGroup[group] = lightest;
    }
    return Arrays.stream(groups.ofSample()).map(group -> foldOfGroup[group]).toArray();
  }

  private void shuffle(int[] values) {
    if (random == null) {
      return;
    }
    for (int i = values.length - 1; i > 0; i--) {
      int j = (int) random.nextLong(i + 1L);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
