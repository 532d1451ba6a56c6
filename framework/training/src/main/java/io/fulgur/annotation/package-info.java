/**
 * What a user writes on a module: which method is a step, which is a hook, what to record.
 *
 * <p>Annotated methods may be private, may be inherited, and take any subset of what is offered to
 * them, in any order. {@link io.fulgur.module.ModuleBinder} checks all of them at once before the
 * first batch.
 */
@NullMarked
package io.fulgur.annotation;

import org.jspecify.annotations.NullMarked;
