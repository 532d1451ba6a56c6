/** Callbacks that end training early: a metric no longer improves, or the time is up. */
@NullMarked
package io.fulgur.callback.stopping;

import org.jspecify.annotations.NullMarked;
