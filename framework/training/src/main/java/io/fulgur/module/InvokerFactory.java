package io.fulgur.module;

import io.fulgur.data.Batch;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.implementation.InvokeDynamic;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Makes {@link Invoker}s.
 *
 * <p>Each invoker is a hidden class of its own, so that the call site in it belongs to one method
 * and the compiler can inline the user's code into the loop. All of them have the same bytes: the
 * body is an {@code invokedynamic} whose target is the hidden class's class data, a method handle
 * with the parameters already rearranged. A handle obtained through a private lookup calls methods
 * of any visibility in any class loader, which a generated subclass or nest mate cannot.
 */
final class InvokerFactory {
  private static final MethodType SHAPE =
      MethodType.methodType(
          Object.class, FulgurModule.class, Object.class, Batch.class, int.class, int.class);

  private static final byte[] TEMPLATE = template();

  /** A module is bound for each run; its methods' invokers are made once for each class. */
  private static final ClassValue<Map<Method, Invoker>> INVOKERS =
      new ClassValue<>() {
        @Override
        protected Map<Method, Invoker> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private InvokerFactory() {}

  /**
   * Returns the invoker of a method.
   *
   * @param slots what is passed to each parameter; depends on the method alone
   * @throws IllegalAccessException if the method's package is not open to this module
   */
  static Invoker of(Method method, List<Slot> slots) throws IllegalAccessException {
    Map<Method, Invoker> known = INVOKERS.get(method.getDeclaringClass());
    Invoker invoker = known.get(method);
    if (invoker == null) {
      invoker = define(handle(method, slots));
      known.put(method, invoker);
    }
    return invoker;
  }

  private static MethodHandle handle(Method method, List<Slot> slots)
      throws IllegalAccessException {
    MethodHandle target =
        MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup())
            .unreflect(method);
    int[] positions = new int[slots.size() + 1];
    Class<?>[] types = new Class<?>[positions.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i == 0 ? 0 : slots.get(i - 1).position();
      types[i] = SHAPE.parameterType(positions[i]);
    }
    MethodHandle loose = target.asType(MethodType.methodType(SHAPE.returnType(), types));
    return MethodHandles.permuteArguments(loose, SHAPE, positions);
  }

  private static Invoker define(MethodHandle handle) {
    try {
      MethodHandles.Lookup generated =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(TEMPLATE, handle, /* initialize= */ true);
      return (Invoker)
          generated
              .findConstructor(generated.lookupClass(), MethodType.methodType(void.class))
              .invoke();
    } catch (Throwable e) {
      throw new AssertionError("An invoker could not be generated", e);
    }
  }

  /** Links the one call site of a generated class; called by the JVM. */
  static CallSite link(MethodHandles.Lookup caller, String name, MethodType type)
      throws IllegalAccessException {
    MethodHandle handle = MethodHandles.classData(caller, "_", MethodHandle.class);
    return new ConstantCallSite(handle.asType(type));
  }

  private static byte[] template() {
    try {
      Method bootstrap =
          InvokerFactory.class.getDeclaredMethod(
              "link", MethodHandles.Lookup.class, String.class, MethodType.class);
      return new ByteBuddy(ClassFileVersion.JAVA_V17)
          .subclass(Object.class)
          .implement(Invoker.class)
          .name(Invoker.class.getName() + "Impl")
          .modifiers(Visibility.PACKAGE_PRIVATE)
          .method(ElementMatchers.named("invoke"))
          .intercept(InvokeDynamic.bootstrap(bootstrap).withMethodArguments())
          .make()
          .getBytes();
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }
}
