package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a module consists of: its parts, their types, parameters and modes; and, where an example
 * input is given, the shapes of their inputs and outputs and the floating-point operations of their
 * forward passes.
 *
 * <p>{@link #toString()} is a table. Parameters that several parts share count for each, but once
 * in the totals.
 *
 * @param rows the parts
 * @param trainable how many parameters are trained
 * @param frozen how many are not
 * @param sizeBytes what all of them take
 * @param inTrainMode how many modules below the root are in training mode
 * @param inEvalMode how many are in evaluation mode
 * @param flops the floating-point operations of a forward pass, as {@link FlopCounter} counts; null
 *     without example
 * @since 0.1
 */
public record Summary(
    List<Row> rows,
    long trainable,
    long frozen,
    long sizeBytes,
    int inTrainMode,
    int inEvalMode,
    @Nullable Long flops) {
  /** Looks at everything. */
  public static final int ALL = -1;

  /**
   * A part.
   *
   * @param name its name within the module
   * @param type its class
   * @param parameters how many it and what is below it have
   * @param training whether it is in training mode, rather than evaluation mode
   * @param inputs the shapes of what it was given, e.g. {@code [2, 32]}; null without example, or
   *     if it was not called with {@link Module#call}
   * @param outputs the shapes of what it returned, e.g. {@code [2, 10]}; null likewise
   * @param flops the floating-point operations of all its forward passes; null likewise
   */
  public record Row(
      String name,
      String type,
      long parameters,
      boolean training,
      @Nullable String inputs,
      @Nullable String outputs,
      @Nullable Long flops) {}

  /** Makes a summary of a copy of the rows. */
  public Summary {
    rows = List.copyOf(rows);
  }

  /** Summarises the parts directly below a module. */
  public static Summary of(Module module) {
    return of(module, 1);
  }

  /**
   * Summarises a module.
   *
   * @param maxDepth how deep to look: 1 for the module's own fields, {@link #ALL} for everything, 0
   *     for the totals only
   */
  public static Summary of(Module module, int maxDepth) {
    return make(module, null, maxDepth);
  }

  /** Summarises all parts of a module and what they make of an example. */
  public static Summary of(Module module, Tensor exampleInput) {
    return of(module, exampleInput, ALL);
  }

  /**
   * Summarises a module and what its parts make of an example.
   *
   * <p>The example passes through the module once, in evaluation mode and without recording; then
   * the modes are what they were. Hooks of the module's own are called.
   *
   * @param maxDepth as of {@link #of(Module, int)}
   */
  public static Summary of(Module module, Tensor exampleInput, int maxDepth) {
    return make(module, ExampleRun.of(module, exampleInput), maxDepth);
  }

  private static Summary make(Module module, @Nullable ExampleRun run, int maxDepth) {
    List<Row> rows = new ArrayList<>();
    collect(module, "", maxDepth, run, rows);
    long own = ownParameters(module);
    if (own > 0 && maxDepth != 0) {
      rows.add(
          new Row(
              "other parameters",
              module.getClass().getSimpleName(),
              own,
              module.isTraining(),
              null,
              null,
              null));
    }
    List<Parameter> all = module.parameters();
    int modules = module.namedModules().size() - 1;
    int training =
        (int)
            module.namedModules().values().stream()
                .filter(each -> each != module && each.isTraining())
                .count();
    return new Summary(
        rows,
        count(all, Parameter::requiresGrad),
        count(all, parameter -> !parameter.requiresGrad()),
        all.stream().mapToLong(each -> each.elements() * each.dtype().sizeBytes()).sum(),
        training,
        modules - training,
        run == null ? null : run.flops(module));
  }

  private static void collect(
      Module module, String prefix, int depth, @Nullable ExampleRun run, List<Row> rows) {
    if (depth == 0) {
      return;
    }
    module
        .namedChildren()
        .forEach(
            (name, child) -> {
              String full = prefix + name;
              rows.add(
                  new Row(
                      full,
                      child.getClass().getSimpleName(),
                      count(child.parameters(), parameter -> true),
                      child.isTraining(),
                      run == null ? null : run.inputs(child),
                      run == null ? null : run.outputs(child),
                      run == null ? null : run.flops(child)));
              collect(child, full + ".", depth - 1, run, rows);
            });
  }

  private static long ownParameters(Module module) {
    Map<String, Module> children = module.namedChildren();
    return module.namedParameters().entrySet().stream()
        .filter(
            entry ->
                children.keySet().stream().noneMatch(name -> entry.getKey().startsWith(name + ".")))
        .mapToLong(entry -> entry.getValue().elements())
        .sum();
  }

  private static long count(List<Parameter> parameters, Predicate<Parameter> which) {
    return parameters.stream().filter(which).mapToLong(Parameter::elements).sum();
  }

  /** Returns the table, with totals below. */
  @Override
  public String toString() {
    return SummaryText.of(this);
  }
}
