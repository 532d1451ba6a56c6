/** Losses with their options; {@link io.fulgur.nn.Losses} has the plain ones as functions. */
@NullMarked
package io.fulgur.nn.loss;

import org.jspecify.annotations.NullMarked;
