/** Eager tensors with automatic differentiation. */
@NullMarked
package io.fulgur.tensor;

import org.jspecify.annotations.NullMarked;
