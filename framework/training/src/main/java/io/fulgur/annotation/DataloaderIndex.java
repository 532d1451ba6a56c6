package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an {@code int} or {@code long} parameter of an evaluation step or hook as the number of the
 * dataloader that the batch came from.
 *
 * <p>Needed only where the order of the parameters does not say so: the second whole number is the
 * dataloader index already.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface DataloaderIndex {}
