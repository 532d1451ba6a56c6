/**
 * Finding a learning rate and a batch size before training, and judging a model by
 * cross-validation.
 */
@NullMarked
package io.fulgur.tune;

import org.jspecify.annotations.NullMarked;
