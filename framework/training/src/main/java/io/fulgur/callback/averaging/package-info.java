/** Callbacks that average the weights of a module as it is trained. */
@NullMarked
package io.fulgur.callback.averaging;

import org.jspecify.annotations.NullMarked;
