package io.fulgur.callback;

import io.fulgur.Trainer;
import io.fulgur.error.OptionMistakes;
import io.fulgur.module.FulgurModule;
import io.fulgur.nn.Summary;
import io.fulgur.tensor.Tensor;
import java.io.PrintStream;

/**
 * Prints what a module consists of when a fit begins: its parts, their types, how many parameters
 * each has and whether it is in training mode; and of a module with an {@link
 * FulgurModule#exampleInput()} what shapes the parts take and make of that, and how many
 * floating-point operations it takes. See {@link Summary}. Follows {@code
 * lightning.pytorch.callbacks.ModelSummary}.
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

  /**
   * Prints to the standard output.
   *
   * @param maxDepth how deep to look: 1 for the module's own fields, -1 for everything, 0 to print
   *     nothing
   * @throws io.fulgur.error.FulgurException if it is below -1
   */
  public ModelSummary(int maxDepth) {
    this(maxDepth, System.out);
  }

  /** Prints to a stream; as {@link #ModelSummary(int)}. */
  public ModelSummary(int maxDepth, PrintStream out) {
    OptionMistakes mistakes = new OptionMistakes("ModelSummary");
    mistakes.require(
        maxDepth >= Summary.ALL,
        "maxDepth is "
            + maxDepth
            + ", but must be at least 0, which shows nothing, or -1 for all.");
    mistakes.throwIfAny();
    this.maxDepth = maxDepth;
    this.out = out;
  }

  /**
   * Returns the summary of a module, as a table with totals below; with the shapes of outputs and
   * floating-point operations, if it has an {@link FulgurModule#exampleInput()}.
   *
   * @param maxDepth how deep to look: 1 for the module's own fields, -1 for everything, 0 for the
   *     totals only
   */
  public static String of(FulgurModule module, int maxDepth) {
    return module
        .exampleInput()
        .map(example -> Summary.of(module, inTypeOf(module, example), maxDepth))
        .orElseGet(() -> Summary.of(module, maxDepth))
        .toString();
  }

  /** A run in 16 bits or double precision converts the module, and batches as they come. */
  private static Tensor inTypeOf(FulgurModule module, Tensor example) {
    return module.parameters().stream()
        .findFirst()
        .filter(parameter -> example.dtype().isFloating())
        .map(parameter -> example.to(parameter.dtype()))
        .orElse(example);
  }

  @Override
  public void onFitStart(Trainer trainer, FulgurModule module) {
    if (maxDepth != 0) {
      out.println(of(module, maxDepth));
      out.flush();
    }
  }
}
