package io.fulgur.plugin;

import io.fulgur.callback.Callback;

/** Tells which callbacks keep state. */
final class CallbackKeys {
  private CallbackKeys() {}

  static boolean isStateful(Callback callback) {
    try {
      return callback.getClass().getMethod("state").getDeclaringClass() != Callback.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }
}
