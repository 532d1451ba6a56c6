package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an {@code int} or {@code long} parameter of a step or hook as the number of the batch.
 *
 * <p>The first batch of an epoch, or of a dataloader in evaluation, has number 0. Needed only where
 * the order of the parameters does not say so: the first whole number is the batch index already.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface BatchIndex {}
