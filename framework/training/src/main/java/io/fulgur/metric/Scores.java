package io.fulgur.metric;

import io.fulgur.checkpoint.State;

/** What a metric of rankings has gathered. */
interface Scores {
  /** Takes a batch; throws before anything is changed. */
  void add(Values predictions, Values truth);

  /** Ranks the scores of one class, of all batches or of the newest. */
  RankedScores ranked(int column, boolean newest);

  /** Ranks the scores of all classes together, of all batches or of the newest. */
  RankedScores rankedTogether(boolean newest);

  /** Adds what another of the same class and options has gathered. */
  void absorb(Scores other);

  void reset();

  State state();

  void load(State state);
}
