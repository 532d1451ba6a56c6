package io.fulgur.metric;

import io.fulgur.checkpoint.State;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of translations: {@code BP · exp(mean of log p[n])} for {@code n} from 1 to {@code maxN}.
 *
 * <p>{@code p[n]} is how many runs of {@code n} tokens of all candidates are in a reference, each
 * run counted at most as often as the reference that has it most often does. {@code BP} is 1 where
 * the candidates together are longer than the references nearest to them in length, and {@code
 * exp(1 - reference / candidate)} else. The value is of the corpus, which is not the mean of its
 * sentences; it is 0 where no run of some length is in a reference.
 *
 * <p>Counts are of tokens as given. Scores of different tokenisations cannot be compared; what is
 * published as SacreBLEU is of that program's.
 *
 * <p>K. Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL
 * 2002; as {@code nltk.translate.bleu_score.corpus_bleu} for candidates of at least {@code maxN}
 * tokens (it counts one run of {@code n} tokens in a shorter one).
 *
 * @since 0.1
 */
public final class BleuScore extends BaseMetric<BleuScore> implements ScalarMetric {
  /** The longest runs by default. */
  public static final int DEFAULT_MAX_N = 4;

  private final int maxN;
  private final boolean smooth;
  private final Counts total;
  private final Counts batch;

  /** Makes an empty metric of runs of up to {@value #DEFAULT_MAX_N} tokens. */
  public BleuScore() {
    this(DEFAULT_MAX_N, /* smooth= */ false);
  }

  private BleuScore(int maxN, boolean smooth) {
    this.maxN = maxN;
    this.smooth = smooth;
    this.total = new Counts(maxN);
    this.batch = new Counts(maxN);
  }

  /**
   * Returns an empty metric of runs of up to this many tokens.
   *
   * @throws FulgurException if it is not positive
   */
  public BleuScore maxN(int newMaxN) {
    MetricErrors.requireOption(newMaxN > 0, name(), "maxN", newMaxN, "positive");
    return new BleuScore(newMaxN, smooth);
  }

  /**
   * Returns an empty metric that adds 1 to both counts of runs of more than one token, so that the
   * score of few sentences is not 0 at once.
   *
   * <p>C.-Y. Lin, F. J. Och, "ORANGE: a Method for Evaluating Automatic Evaluation Metrics for
   * Machine Translation", COLING 2004; {@code method2} of nltk.
   */
  public BleuScore smooth() {
    return new BleuScore(maxN, /* smooth= */ true);
  }

  // ---------------------------------------------------------------- gathering

  /**
   * Takes one translation, split into tokens at white space.
   *
   * @throws FulgurException if there is no reference
   */
  public BleuScore update(String candidate, String... references) {
    return update(
        List.of(split(candidate)),
        List.of(Arrays.stream(references).map(BleuScore::split).toList()));
  }

  private static List<String> split(String sentence) {
    String stripped = sentence.strip();
    return stripped.isEmpty() ? List.of() : Arrays.asList(stripped.split("\\s+"));
  }

  /**
   * Takes a batch of translations.
   *
   * @param candidates the tokens of each
   * @param references for each candidate one or more references, the tokens of each
   * @throws FulgurException if a candidate has no reference
   */
  public BleuScore update(List<List<String>> candidates, List<List<List<String>>> references) {
    boolean complete =
        candidates.size() == references.size() && references.stream().noneMatch(List::isEmpty);
    if (!complete) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "BleuScore was given %d candidates and references for %d of them, but each candidate needs one or more."
              .formatted(
                  candidates.size(), references.stream().filter(each -> !each.isEmpty()).count()));
    }
    batch.reset();
    for (int i = 0; i < candidates.size(); i++) {
      batch.add(candidates.get(i), references.get(i));
    }
    total.add(batch);
    return this;
  }

  @Override
  public double compute() {
    return total.score(smooth);
  }

  @Override
  public double batchValue() {
    return batch.score(smooth);
  }

  @Override
  Object options() {
    return "maxN=" + maxN + ", smooth=" + smooth;
  }

  @Override
  void absorb(BleuScore other) {
    total.add(other.total);
  }

  @Override
  public void reset() {
    total.reset();
    batch.reset();
  }

  @Override
  public BleuScore emptyCopy() {
    return new BleuScore(maxN, smooth);
  }

  @Override
  public State state() {
    return State.builder()
        .put("matches", total.matches)
        .put("runs", total.runs)
        .put("lengths", total.lengths)
        .build();
  }

  @Override
  public void loadState(State state) {
    ClassCounts.load(name(), state, "matches", total.matches);
    ClassCounts.load(name(), state, "runs", total.runs);
    ClassCounts.load(name(), state, "lengths", total.lengths);
    batch.reset();
  }

  /** Counts of a corpus. */
  private static final class Counts {
    /** Runs of each length that are in a reference, and all runs. */
    final long[] matches;

    final long[] runs;

    /** Tokens of the candidates, and of the references nearest in length. */
    final long[] lengths = new long[2];

    Counts(int maxN) {
      matches = new long[maxN];
      runs = new long[maxN];
    }

    void add(List<String> candidate, List<List<String>> references) {
      lengths[0] += candidate.size();
      lengths[1] += nearest(candidate.size(), references);
      for (int n = 1; n <= matches.length; n++) {
        Map<List<String>, Integer> most = new HashMap<>();
        for (List<String> reference : references) {
          runsOf(reference, n).forEach((run, times) -> most.merge(run, times, Math::max));
        }
        for (Map.Entry<List<String>, Integer> run : runsOf(candidate, n).entrySet()) {
          matches[n - 1] += Math.min(run.getValue(), most.getOrDefault(run.getKey(), 0));
        }
        runs[n - 1] += Math.max(0, candidate.size() - n + 1);
      }
    }

    private static Map<List<String>, Integer> runsOf(List<String> tokens, int n) {
      Map<List<String>, Integer> counts = new HashMap<>();
      for (int i = 0; i + n <= tokens.size(); i++) {
        counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
      }
      return counts;
    }

    /** Returns the length nearest to another; of two as near, the shorter. */
    private static int nearest(int length, List<List<String>> references) {
      int nearest = references.get(0).size();
      for (List<String> reference : references) {
        int distance = Math.abs(reference.size() - length);
        int best = Math.abs(nearest - length);
        if (distance < best || (distance == best && reference.size() < nearest)) {
          nearest = reference.size();
        }
      }
      return nearest;
    }

    double score(boolean smooth) {
      if (lengths[0] == 0) {
        return lengths[1] == 0 ? Double.NaN : 0;
      }
      double logs = 0;
      for (int n = 0; n < matches.length; n++) {
        int extra = smooth && n > 0 ? 1 : 0;
        if (matches[n] + extra == 0) {
          return 0;
        }
        logs += Math.log((double) (matches[n] + extra) / (runs[n] + extra));
      }
      double penalty = lengths[0] > lengths[1] ? 1 : Math.exp(1 - (double) lengths[1] / lengths[0]);
      return penalty * Math.exp(logs / matches.length);
    }

    void add(Counts other) {
      ClassCounts.addAll(matches, other.matches);
      ClassCounts.addAll(runs, other.runs);
      ClassCounts.addAll(lengths, other.lengths);
    }

    void reset() {
      Arrays.fill(matches, 0);
      Arrays.fill(runs, 0);
      Arrays.fill(lengths, 0);
    }
  }
}
