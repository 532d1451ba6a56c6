/** Modules, layers, losses and initialisers. */
@NullMarked
package io.fulgur.nn;

import org.jspecify.annotations.NullMarked;
