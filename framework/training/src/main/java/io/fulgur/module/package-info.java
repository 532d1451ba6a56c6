/**
 * Modules with steps, and how their annotated methods are found, checked and called.
 *
 * <p>{@link io.fulgur.module.ModuleBinder} looks at a {@link io.fulgur.module.FulgurModule} once,
 * reports everything that is wrong with it together, and makes a {@link
 * io.fulgur.module.BoundModule}, through which the loops call it without reflection.
 */
@NullMarked
package io.fulgur.module;

import org.jspecify.annotations.NullMarked;
