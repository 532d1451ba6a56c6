package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a module to be called at certain moments of a run.
 *
 * <p>The method takes any subset of what the {@link Hook} offers, in any order, and returns nothing
 * unless the hook says otherwise. A class and its superclasses may each have one method for a hook;
 * the superclass's runs first.
 *
 * <pre>{@code
 * @On(Hook.TRAIN_EPOCH_START)
 * void announce() {
 *   System.out.println("epoch " + currentEpoch());
 * }
 * }</pre>
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface On {
  /** The moments, at least one. */
  Hook[] value();
}
