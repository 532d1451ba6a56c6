package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that predicts for one batch.
 *
 * <p>Parameters are as for {@link ValidationStep}. It returns a {@link io.fulgur.tensor.Tensor},
 * which becomes the entry {@code "prediction"}, or a {@link io.fulgur.module.StepOutput}.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface PredictStep {}
