/** Judging a model by cross-validation: folds of the data, and a training on each. */
@NullMarked
package io.fulgur.crossvalidation;

import org.jspecify.annotations.NullMarked;
