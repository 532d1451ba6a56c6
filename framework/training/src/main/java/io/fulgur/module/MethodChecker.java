package io.fulgur.module;

import io.fulgur.annotation.BatchIndex;
import io.fulgur.annotation.DataloaderIndex;
import io.fulgur.data.Batch;
import io.fulgur.error.ErrorId;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one annotated method, and finds out what to pass to each of its parameters. */
final class MethodChecker {
  private final Method method;
  private final Offer offer;
  private final List<BindingMistake> mistakes;

  private MethodChecker(Method method, Offer offer, List<BindingMistake> mistakes) {
    this.method = method;
    this.offer = offer;
    this.mistakes = mistakes;
  }

  /** Returns what to pass to each parameter; adds what is wrong to the mistakes. */
  static List<Slot> check(Method method, Offer offer, List<BindingMistake> mistakes) {
    MethodChecker checker = new MethodChecker(method, offer, mistakes);
    checker.checkKind();
    List<Slot> slots = checker.slots();
    checker.checkReturn();
    return slots;
  }

  private void report(ErrorId id, String what, String mend) {
    mistakes.add(new BindingMistake(id, what, Signatures.where(method), mend));
  }

  private String mendParameters() {
    return "take " + offer.parameters() + ".";
  }

  private void checkKind() {
    if (Modifier.isStatic(method.getModifiers())) {
      report(
          ErrorId.STATIC_METHOD,
          "The " + offer.title() + " method is static, but is called on a module.",
          "remove \"static\".");
    }
    if (method.getTypeParameters().length > 0) {
      report(
          ErrorId.GENERIC_METHOD,
          "The "
              + offer.title()
              + " method has type parameters, which nobody can choose when it is called.",
          "write the types out.");
    }
    if (method.isVarArgs()) {
      report(
          ErrorId.VARARGS_METHOD,
          "The " + offer.title() + " method takes a variable number of arguments.",
          mendParameters());
    }
  }

  private List<Slot> slots() {
    Parameter[] parameters = method.getParameters();
    @Nullable Slot[] slots = new @Nullable Slot[parameters.length];
    Set<Slot> taken = EnumSet.noneOf(Slot.class);
    for (int i = 0; i < parameters.length; i++) {
      if (isIndex(parameters[i])) {
        continue;
      }
      slots[i] = byType(parameters[i], i);
      claim(slots[i], taken, parameters[i], i);
    }
    // Annotated numbers choose first; the others get what is left, in order.
    for (int i = 0; i < parameters.length; i++) {
      if (isIndex(parameters[i]) && slots[i] == null) {
        slots[i] = byAnnotation(parameters[i], i);
        claim(slots[i], taken, parameters[i], i);
      }
    }
    for (int i = 0; i < parameters.length; i++) {
      if (isIndex(parameters[i]) && !isAnnotated(parameters[i])) {
        slots[i] = nextIndex(taken, parameters[i], i);
      }
    }
    List<Slot> found = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot != null) {
        found.add(slot);
      }
    }
    return found;
  }

  private static boolean isIndex(Parameter parameter) {
    return parameter.getType() == int.class || parameter.getType() == long.class;
  }

  private static boolean isAnnotated(Parameter parameter) {
    return parameter.isAnnotationPresent(BatchIndex.class)
        || parameter.isAnnotationPresent(DataloaderIndex.class);
  }

  private @Nullable Slot byType(Parameter parameter, int position) {
    Class<?> type = parameter.getType();
    if (isAnnotated(parameter)) {
      report(
          ErrorId.WRONG_PARAMETER,
          ordinal(position)
              + " is annotated as an index, but has type "
              + Signatures.type(parameter.getParameterizedType())
              + ".",
          "make it an int or a long.");
      return null;
    }
    if (offer.batch() && type == Batch.class) {
      return Slot.BATCH;
    }
    if (type == offer.subject()) {
      return Slot.SUBJECT;
    }
    if (!method.isVarArgs() || position < method.getParameterCount() - 1) {
      report(
          ErrorId.WRONG_PARAMETER,
          ordinal(position)
              + " has type "
              + Signatures.type(parameter.getParameterizedType())
              + ", which "
              + offer.title()
              + " does not offer.",
          mendParameters());
    }
    return null;
  }

  private @Nullable Slot byAnnotation(Parameter parameter, int position) {
    boolean batch = parameter.isAnnotationPresent(BatchIndex.class);
    boolean dataloader = parameter.isAnnotationPresent(DataloaderIndex.class);
    if (batch && dataloader) {
      report(
          ErrorId.AMBIGUOUS_INDEX,
          ordinal(position) + " is annotated with both @BatchIndex and @DataloaderIndex.",
          "keep one of them.");
      return null;
    }
    if (!batch && !dataloader) {
      return null;
    }
    Slot slot = batch ? Slot.BATCH_INDEX : Slot.DATALOADER_INDEX;
    return isOffered(slot, parameter, position) ? slot : null;
  }

  private boolean isOffered(Slot index, Parameter parameter, int position) {
    if (offer.indices() >= (index == Slot.BATCH_INDEX ? 1 : 2)) {
      return true;
    }
    report(
        ErrorId.WRONG_PARAMETER,
        ordinal(position)
            + " ("
            + parameter.getType().getSimpleName()
            + ") would be the "
            + (index == Slot.BATCH_INDEX ? "batch index" : "dataloader index")
            + ", which "
            + offer.title()
            + " does not offer.",
        mendParameters());
    return false;
  }

  private @Nullable Slot nextIndex(Set<Slot> taken, Parameter parameter, int position) {
    Slot slot = taken.contains(Slot.BATCH_INDEX) ? Slot.DATALOADER_INDEX : Slot.BATCH_INDEX;
    if (taken.contains(slot)) {
      report(
          ErrorId.REPEATED_PARAMETER,
          ordinal(position) + " is one whole number too many.",
          mendParameters());
      return null;
    }
    if (!isOffered(slot, parameter, position)) {
      return null;
    }
    taken.add(slot);
    if (slot == Slot.BATCH_INDEX && offer.indices() > 1 && isNamedDataloader(parameter)) {
      report(
          ErrorId.AMBIGUOUS_INDEX,
          ordinal(position)
              + " is called \""
              + parameter.getName()
              + "\", but as the first whole number it would get the batch index.",
          "annotate it with @DataloaderIndex, or with @BatchIndex if that is meant.");
    }
    return slot;
  }

  private static boolean isNamedDataloader(Parameter parameter) {
    return parameter.isNamePresent()
        && parameter.getName().toLowerCase(Locale.ROOT).contains("loader");
  }

  private void claim(@Nullable Slot slot, Set<Slot> taken, Parameter parameter, int position) {
    if (slot != null && !taken.add(slot)) {
      report(
          ErrorId.REPEATED_PARAMETER,
          ordinal(position)
              + " takes what an earlier one takes already: "
              + (isIndex(parameter) ? "the same index" : Signatures.type(parameter.getType()))
              + ".",
          "remove it: everything is passed once.");
    }
  }

  private void checkReturn() {
    Type type = method.getGenericReturnType();
    if (offer.allowsReturn(method.getReturnType())) {
      return;
    }
    report(
        ErrorId.WRONG_RETURN_TYPE,
        "The "
            + offer.title()
            + " method returns "
            + (method.getReturnType() == void.class ? "nothing" : Signatures.type(type))
            + ", but must return "
            + offer.results()
            + ".",
        "return " + offer.results() + ".");
  }

  private static String ordinal(int position) {
    String[] names = {"The first", "The second", "The third", "The fourth", "The fifth"};
    return (position < names.length ? names[position] : "Number " + (position + 1) + " of the")
        + " parameter"
        + (position < names.length ? "" : "s");
  }
}
