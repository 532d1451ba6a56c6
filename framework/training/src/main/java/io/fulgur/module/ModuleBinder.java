package io.fulgur.module;

import io.fulgur.RunKind;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.Hook;
import io.fulgur.annotation.On;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.error.ErrorId;
import io.fulgur.tensor.Tensor;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the annotated methods of a module, checks them, and makes them callable.
 *
 * <p>All annotated methods are checked, also those that the run does not need, and everything that
 * is wrong is reported in one exception.
 *
 * @since 0.1
 */
public final class ModuleBinder {
  private final FulgurModule module;
  private final RunKind kind;
  private final AnnotatedMethods methods;
  private final List<BindingMistake> mistakes = new ArrayList<>();

  private ModuleBinder(FulgurModule module, RunKind kind) {
    this.module = module;
    this.kind = kind;
    this.methods = new AnnotatedMethods(module.getClass());
  }

  /**
   * Binds a module for a run.
   *
   * <p>A fit needs a {@link io.fulgur.annotation.TrainingStep} and a {@link ConfigureOptimizers}
   * method; any other run needs its own step, but prediction does with {@code forward} alone.
   *
   * @throws ModuleBindingException with every mistake there is
   */
  public static BoundModule bind(FulgurModule module, RunKind kind) {
    return new ModuleBinder(module, kind).bind();
  }

  private BoundModule bind() {
    Map<StepKind, BoundMethod> steps = new EnumMap<>(StepKind.class);
    List<BoundTrainingStep> training = bindTrainingSteps();
    for (StepKind step : EnumSet.complementOf(EnumSet.of(StepKind.TRAINING))) {
      BoundMethod bound = bindOne(step.annotation(), Offer.of(step));
      if (bound != null) {
        steps.put(step, bound);
      }
    }
    StepKind needed = StepKind.neededFor(kind);
    boolean byForward = needed == StepKind.PREDICT && overridesForward();
    if (methods.with(needed.annotation()).isEmpty() && !byForward) {
      reportMissing(ErrorId.MISSING_STEP, needed.annotation(), needed.example());
    }
    BoundMethod optimizers = bindOne(ConfigureOptimizers.class, Offer.ofConfigureOptimizers());
    if (kind == RunKind.FIT && methods.with(ConfigureOptimizers.class).isEmpty()) {
      reportMissing(
          ErrorId.MISSING_OPTIMIZERS,
          ConfigureOptimizers.class,
          "Optimizer configureOptimizers() { return AdamW.of(parameters()).learningRate(1e-3); }");
    }
    Map<Hook, List<BoundMethod>> hooks = bindHooks();
    if (!mistakes.isEmpty()) {
      throw new ModuleBindingException(module.getClass(), kind, mistakes);
    }
    return new BoundModule(module, training, steps, optimizers, hooks);
  }

  private List<BoundTrainingStep> bindTrainingSteps() {
    TrainingSteps steps = new TrainingSteps(module, mistakes);
    List<Method> found = methods.with(TrainingStep.class);
    found.forEach(method -> reportLookalikes(method, TrainingStep.class, steps.offer()));
    return steps.bind(found, this::bind);
  }

  /** Returns whether the module can predict by its forward pass alone. */
  private boolean overridesForward() {
    try {
      Method forward = module.getClass().getMethod("forward", Tensor.class);
      return forward.getDeclaringClass() != io.fulgur.nn.Module.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private @Nullable BoundMethod bindOne(Class<? extends Annotation> annotation, Offer offer) {
    List<Method> found = methods.with(annotation);
    BoundMethod bound = null;
    for (Method method : found) {
      reportLookalikes(method, annotation, offer);
      bound = bind(method, offer);
    }
    if (found.size() > 1) {
      reportTwice(found, offer, "keep the annotation on one of them.");
    }
    return bound;
  }

  private Map<Hook, List<BoundMethod>> bindHooks() {
    Map<Hook, List<BoundMethod>> hooks = new EnumMap<>(Hook.class);
    for (Method method : methods.with(On.class)) {
      if (method.getAnnotation(On.class).value().length == 0) {
        mistakes.add(
            new BindingMistake(
                ErrorId.NO_HOOK,
                "@On names no hook, so the method would never be called.",
                Signatures.where(method),
                "name one, e.g. @On(Hook.TRAIN_EPOCH_START), or remove the annotation."));
      }
    }
    for (Hook hook : Hook.values()) {
      Offer offer = Offer.of(hook);
      List<Method> found = methods.where(method -> isOn(method, hook));
      Map<Class<?>, List<Method>> byClass =
          found.stream()
              .collect(
                  Collectors.groupingBy(
                      Method::getDeclaringClass, LinkedHashMap::new, Collectors.toList()));
      for (List<Method> own : byClass.values()) {
        if (own.size() > 1) {
          reportTwice(
              own, offer, "keep one and call the other from it: their order would be undefined.");
        }
      }
      List<BoundMethod> bound = new ArrayList<>();
      for (Method method : found) {
        reportLookalikes(method, On.class, offer);
        BoundMethod one = bind(method, offer);
        if (one != null) {
          bound.add(one);
        }
      }
      if (!bound.isEmpty()) {
        hooks.put(hook, bound);
      }
    }
    return hooks;
  }

  private static boolean isOn(Method method, Hook hook) {
    On on = method.getAnnotation(On.class);
    return on != null && Arrays.asList(on.value()).contains(hook);
  }

  private @Nullable BoundMethod bind(Method method, Offer offer) {
    int before = mistakes.size();
    List<Slot> slots = MethodChecker.check(method, offer, mistakes);
    if (mistakes.size() > before) {
      return null;
    }
    try {
      return new BoundMethod(method, InvokerFactory.of(method, slots));
    } catch (IllegalAccessException e) {
      mistakes.add(
          new BindingMistake(
              ErrorId.PACKAGE_NOT_OPEN,
              "The package of the " + offer.title() + " method is not open to Fulgur.",
              Signatures.where(method),
              "add \"opens "
                  + method.getDeclaringClass().getPackageName()
                  + ";\" to the module-info of "
                  + method.getDeclaringClass().getModule()
                  + "."));
      return null;
    }
  }

  private void reportTwice(List<Method> found, Offer offer, String mend) {
    mistakes.add(
        new BindingMistake(
            ErrorId.DECLARED_TWICE,
            found.size() + " methods are annotated with " + offer.title() + "; one is allowed.",
            found.stream().map(Signatures::where).collect(Collectors.joining("\n")),
            mend));
  }

  private void reportLookalikes(
      Method method, Class<? extends Annotation> annotation, Offer offer) {
    for (Method other : methods.lookalikes(method)) {
      if (!other.isAnnotationPresent(annotation)) {
        mistakes.add(
            new BindingMistake(
                ErrorId.NOT_AN_OVERRIDE,
                "This method looks like an override of the "
                    + offer.title()
                    + " method of "
                    + Signatures.name(method.getDeclaringClass())
                    + ", but that one is not visible to it, so this one would never be called.",
                Signatures.where(other),
                "make the method of "
                    + Signatures.name(method.getDeclaringClass())
                    + " protected, or give this one another name."));
      }
    }
  }

  private void reportMissing(ErrorId id, Class<? extends Annotation> annotation, String example) {
    String title = "@" + annotation.getSimpleName();
    String wanted = annotation.getSimpleName().toLowerCase(Locale.ROOT);
    String mend =
        methods.all().stream()
            .filter(method -> method.getName().toLowerCase(Locale.ROOT).equals(wanted))
            .findFirst()
            .map(
                method ->
                    "put "
                        + title
                        + " on this one, if it is meant:\n"
                        + Signatures.signature(method))
            .orElse("add one, e.g.\n" + title + "\n" + example);
    mistakes.add(
        new BindingMistake(
            id,
            "No method is annotated with " + title + ", which " + kind.label() + " needs.",
            module.getClass().getName().replace('$', '.'),
            mend));
  }
}
