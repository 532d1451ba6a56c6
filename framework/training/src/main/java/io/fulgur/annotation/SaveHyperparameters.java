package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Records the constructor's arguments by name, for loggers and checkpoints.
 *
 * <p>After {@code new DigitClassifier(128, 1e-3)} returned, {@code hparams()} holds {@code hidden}
 * and {@code learningRate}; {@link io.fulgur.module.FulgurModule#loadFromCheckpoint} builds an
 * equal object from them. Subclasses record the arguments of their own constructor. Arrays, lists
 * and maps are copied on entry, so what the constructor does to them later does not show.
 *
 * <p>{@code new} works in code woven by the build ({@code byte-buddy-maven-plugin} with {@link
 * io.fulgur.weave.HyperparameterPlugin}) or by the agent ({@link
 * io.fulgur.weave.HyperparameterAgent}); with neither, {@link io.fulgur.module.ModuleFactory}
 * records them just the same.
 *
 * @since 0.1
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SaveHyperparameters {
  /** Names of constructor parameters that are not recorded, e.g. a whole network. */
  String[] ignore() default {};
}
