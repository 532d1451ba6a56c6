/** Tests of hyperparameters. */
@NullMarked
package io.fulgur.hyperparameter;

import org.jspecify.annotations.NullMarked;
