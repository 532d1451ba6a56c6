/** Callbacks that write checkpoints while a module is trained, and keep the best and the newest. */
@NullMarked
package io.fulgur.callback.checkpoint;

import org.jspecify.annotations.NullMarked;
