/** Callbacks that write what a module predicts, batch by batch. */
@NullMarked
package io.fulgur.callback.prediction;

import org.jspecify.annotations.NullMarked;
