package io.fulgur.module;

import io.fulgur.annotation.ManualOptimization;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.error.ErrorId;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the training steps of a module: one for all optimizers, or one for each. */
final class TrainingSteps {
  private static final String TITLE = "@" + TrainingStep.class.getSimpleName();

  private final FulgurModule module;
  private final List<BindingMistake> mistakes;
  private final boolean manual;

  TrainingSteps(FulgurModule module, List<BindingMistake> mistakes) {
    this.module = module;
    this.mistakes = mistakes;
    this.manual = isManual(module);
  }

  /** Returns whether a module runs the backward pass by itself. */
  static boolean isManual(FulgurModule module) {
    return module.getClass().isAnnotationPresent(ManualOptimization.class);
  }

  Offer offer() {
    return manual ? Offer.ofManualTrainingStep() : Offer.of(StepKind.TRAINING);
  }

  /**
   * Binds the annotated methods.
   *
   * @param bind checks a method and makes it callable; null if something is wrong with it
   */
  List<BoundTrainingStep> bind(
      List<Method> found, BiFunction<Method, Offer, @Nullable BoundMethod> bind) {
    Map<String, List<Method>> byOptimizer =
        found.stream()
            .collect(
                Collectors.groupingBy(
                    TrainingSteps::optimizer, LinkedHashMap::new, Collectors.toList()));
    byOptimizer.forEach(this::checkOnce);
    checkNames(byOptimizer);
    List<BoundTrainingStep> steps = new ArrayList<>();
    Offer offer = offer();
    for (Method method : found) {
      BoundMethod bound = bind.apply(method, offer);
      if (bound != null) {
        steps.add(new BoundTrainingStep(module, optimizer(method), bound, manual));
      }
    }
    return steps;
  }

  private static String optimizer(Method method) {
    return method.getAnnotation(TrainingStep.class).optimizer();
  }

  private void checkOnce(String optimizer, List<Method> methods) {
    if (methods.size() > 1) {
      String title = optimizer.isEmpty() ? TITLE : TITLE + "(optimizer = \"" + optimizer + "\")";
      mistakes.add(
          new BindingMistake(
              ErrorId.DECLARED_TWICE,
              methods.size() + " methods are annotated with " + title + "; one is allowed.",
              where(methods),
              "keep the annotation on one of them."));
    }
  }

  private void checkNames(Map<String, List<Method>> byOptimizer) {
    List<Method> unnamed = byOptimizer.getOrDefault("", List.of());
    List<Method> named =
        byOptimizer.values().stream()
            .flatMap(List::stream)
            .filter(method -> !optimizer(method).isEmpty())
            .toList();
    if (manual && !named.isEmpty()) {
      mistakes.add(
          new BindingMistake(
              ErrorId.STEP_OF_OPTIMIZER,
              "A training step names its optimizer, but the class is annotated with"
                  + " @ManualOptimization, so that it steps its optimizers itself.",
              where(named),
              "write one method with "
                  + TITLE
                  + " that trains all optimizers, or remove @ManualOptimization."));
    } else if (!unnamed.isEmpty() && !named.isEmpty()) {
      mistakes.add(
          new BindingMistake(
              ErrorId.STEP_OF_OPTIMIZER,
              "A training step is for all optimizers, but others are for one each.",
              where(unnamed),
              "name its optimizer, e.g. " + TITLE + "(optimizer = \"generator\")."));
    }
  }

  private static String where(List<Method> methods) {
    return methods.stream().map(Signatures::where).collect(Collectors.joining("\n"));
  }
}
