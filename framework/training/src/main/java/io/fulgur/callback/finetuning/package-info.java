/** Callbacks that freeze parts of a module and train them from some epoch on. */
@NullMarked
package io.fulgur.callback.finetuning;

import org.jspecify.annotations.NullMarked;
