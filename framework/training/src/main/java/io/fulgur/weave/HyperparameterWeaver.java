package io.fulgur.weave;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;

/** Makes the constructors of a class record their arguments. */
final class HyperparameterWeaver {
  private HyperparameterWeaver() {}

  /** Returns whether a class, or a superclass, asks for it, and was not woven before. */
  static boolean wants(TypeDescription type) {
    if (type.isInterface() || type.isAnonymousType() || type.isAnnotation()) {
      return false;
    }
    return isAnnotated(type) && !type.getDeclaredAnnotations().isAnnotationPresent(Woven.class);
  }

  private static boolean isAnnotated(TypeDescription type) {
    // A class without a superclass of its own is answered without looking at any other.
    if (type.getDeclaredAnnotations().isAnnotationPresent(SaveHyperparameters.class)) {
      return true;
    }
    TypeDescription.Generic superclass = type.getSuperClass();
    return superclass != null
        && !superclass.asErasure().getName().startsWith("java.")
        && isAnnotated(superclass.asErasure());
  }

  /**
   * Weaves a class.
   *
   * @param type the class, read with the debug information that names parameters
   * @throws FulgurException if a constructor's parameters have no names, or an ignored one does not
   *     exist
   */
  static DynamicType.Builder<?> weave(DynamicType.Builder<?> builder, TypeDescription type) {
    DynamicType.Builder<?> woven =
        builder.annotateType(AnnotationDescription.Builder.ofType(Woven.class).build());
    Set<String> known = new HashSet<>();
    for (MethodDescription.InDefinedShape constructor :
        type.getDeclaredMethods().filter(ElementMatchers.isConstructor())) {
      if (constructor.isSynthetic()) {
        continue;
      }
      List<String> names = names(type, constructor);
      known.addAll(names);
      String descriptor = constructor.getDescriptor();
      ElementMatcher.Junction<MethodDescription> itself =
          ElementMatchers.<MethodDescription>isConstructor()
              .and(method -> method.getDescriptor().equals(descriptor));
      woven =
          woven
              .visit(
                  Advice.withCustomMapping()
                      .bind(CaptureAdvice.Names.class, String.join(",", names))
                      .to(CaptureAdvice.class)
                      .on(itself))
              .visit(
                  new AsmVisitorWrapper.ForDeclaredMethods()
                      .constructor(itself, new ParameterNames(names)));
    }
    checkIgnored(type, known);
    return woven;
  }

  /** Returns the parameters' names; those that the compiler added are empty. */
  private static List<String> names(
      TypeDescription type, MethodDescription.InDefinedShape constructor) {
    // An enclosing object comes first and captured variables come last, all without a name of
    // their own where the compiler did not write names down.
    boolean addsOwn = type.isInnerClass() || type.isLocalType();
    List<String> names = new ArrayList<>();
    for (ParameterDescription parameter : constructor.getParameters()) {
      boolean added =
          parameter.isSynthetic() || parameter.isMandated() || parameter.getName().contains("$");
      if (added || (addsOwn && !parameter.isNamed())) {
        names.add("");
      } else if (parameter.isNamed()) {
        names.add(parameter.getName());
      } else {
        throw new FulgurException(
            ErrorId.HYPERPARAMETERS_NOT_CAPTURED,
            "The parameters of the constructor "
                + signature(type, constructor)
                + " have no names in the class file. Compile it with -parameters or with debug"
                + " information (-g).");
      }
    }
    return names;
  }

  private static void checkIgnored(TypeDescription type, Set<String> known) {
    AnnotationDescription.Loadable<SaveHyperparameters> own =
        type.getDeclaredAnnotations().ofType(SaveHyperparameters.class);
    if (own == null) {
      return;
    }
    for (String ignored : own.load().ignore()) {
      if (!known.contains(ignored)) {
        throw new FulgurException(
            ErrorId.UNKNOWN_HYPERPARAMETER,
            "@SaveHyperparameters of "
                + type.getName().replace('$', '.')
                + " ignores \""
                + ignored
                + "\", but no constructor has a parameter of that name. There are: "
                + (known.isEmpty()
                    ? "none"
                    : known.stream().sorted().collect(Collectors.joining(", ")))
                + ".");
      }
    }
  }

  private static String signature(
      TypeDescription type, MethodDescription.InDefinedShape constructor) {
    return constructor.getParameters().asTypeList().asErasures().stream()
        .map(TypeDescription::getSimpleName)
        .collect(Collectors.joining(", ", type.getSimpleName() + "(", ")"));
  }
}
