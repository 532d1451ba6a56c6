/** Modules, layers, losses, initialisers and optimizers. */
@NullMarked
package io.fulgur.nn;

import org.jspecify.annotations.NullMarked;
