/** Tensors, automatic differentiation, and the engine seam that they run on. */
@NullMarked
package io.fulgur.tensor;

import org.jspecify.annotations.NullMarked;
