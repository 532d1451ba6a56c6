/** Optimizers on flat parameter buffers, their parameter groups, and gradient clipping. */
@NullMarked
package io.fulgur.nn.optimizer;

import org.jspecify.annotations.NullMarked;
