/** A callback that ends training when the loss jumps, and remembers the batches that did it. */
@NullMarked
package io.fulgur.callback.spike;

import org.jspecify.annotations.NullMarked;
