package io.fulgur.callback;

import io.fulgur.Trainer;
import io.fulgur.module.FulgurModule;
import java.io.PrintStream;

/**
 * Prints what a module consists of when a fit begins: its parts, their types and how many
 * parameters each has.
 *
 * @since 0.1
 */
public final class ModelSummary implements SummaryDisplay {
  /** How deep the default summary looks: the module's own fields. */
  public static final int DEFAULT_DEPTH = 1;

  private final int maxDepth;
  private final PrintStream out;

  /** Prints the module's own fields to the standard output. */
  public ModelSummary() {
    this(DEFAULT_DEPTH);
  }

  /** Prints to the standard output as {@link #of} describes. */
  public ModelSummary(int maxDepth) {
    this(maxDepth, System.out);
  }

  /** Prints to a stream. */
  public ModelSummary(int maxDepth, PrintStream out) {
    this.maxDepth = maxDepth;
    this.out = out;
  }

  /**
   * Returns the summary of a module, as a table with totals below.
   *
   * @param maxDepth how deep to look: 1 for the module's own fields, -1 for everything, 0 for the
   *     totals only
   */
  public static String of(FulgurModule module, int maxDepth) {
    return SummaryTable.of(module, maxDepth).toString();
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    out.println(of(module, maxDepth));
    out.flush();
  }
}
