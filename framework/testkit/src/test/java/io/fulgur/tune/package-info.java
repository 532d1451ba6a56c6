/** Tests of tuning and cross-validation that train. */
@NullMarked
package io.fulgur.tune;

import org.jspecify.annotations.NullMarked;
