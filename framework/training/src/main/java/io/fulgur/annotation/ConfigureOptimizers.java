package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that makes the optimizers and their learning-rate schedules.
 *
 * <p>It takes nothing and returns an {@link io.fulgur.nn.optimizer.Optimizer} or an {@link
 * io.fulgur.module.OptimizerPlan}. It runs once at the start of a fit, when the parameters are
 * where they will be trained.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ConfigureOptimizers {}
