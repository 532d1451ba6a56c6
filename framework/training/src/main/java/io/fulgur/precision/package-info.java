/** In which numbers a module computes. */
@NullMarked
package io.fulgur.precision;

import org.jspecify.annotations.NullMarked;
