package io.fulgur.weave;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import net.bytebuddy.asm.Advice;

/**
 * What is added to a constructor; its code is copied there.
 *
 * <p>Arguments are taken before the constructor's own code, so that they are what the caller
 * passed. They are handed over after it, when there is an object; a constructor that throws records
 * nothing.
 */
final class CaptureAdvice {
  private CaptureAdvice() {}

  /** The parameters' names, separated by commas; known when a class is woven. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Names {}

  @Advice.OnMethodEnter
  static Object enter(
      @Advice.Origin Class<?> declaring,
      @Names String names,
      @Advice.AllArguments Object[] arguments) {
    return HyperparameterCapture.enter(declaring, names, arguments);
  }

  @Advice.OnMethodExit
  static void exit(@Advice.This Object constructed, @Advice.Enter Object arguments) {
    HyperparameterCapture.exit(constructed, arguments);
  }
}
