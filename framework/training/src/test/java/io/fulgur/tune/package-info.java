/** Tests of tuning and cross-validation that need no training. */
@NullMarked
package io.fulgur.tune;

import org.jspecify.annotations.NullMarked;
