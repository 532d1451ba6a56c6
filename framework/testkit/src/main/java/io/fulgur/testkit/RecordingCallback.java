package io.fulgur.testkit;

import io.fulgur.callback.Callback;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;

/**
 * A callback that records which of its methods are called.
 *
 * @since 0.1
 */
public final class RecordingCallback {
  private static final Set<String> NO_HOOKS =
      Set.of("state", "loadState", "stateKey", "order", "equals", "hashCode", "toString");

  private RecordingCallback() {}

  /** Returns a callback that adds the name of each hook it passes to a list. */
  public static Callback into(List<String> calls) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "RecordingCallback";
            };
          }
          if (!NO_HOOKS.contains(method.getName())) {
            calls.add(method.getName());
          }
          return InvocationHandler.invokeDefault(proxy, method, arguments);
        };
    return (Callback)
        Proxy.newProxyInstance(
            RecordingCallback.class.getClassLoader(), new Class<?>[] {Callback.class}, handler);
  }
}
