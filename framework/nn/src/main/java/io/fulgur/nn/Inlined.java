package io.fulgur.nn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves a field's own name out of the names of what it holds: {@code 0}, not {@code layers.0}; of
 * a single module, out of the names of what that module holds.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface Inlined {}
