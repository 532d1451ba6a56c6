/** Test utilities that the modules above share. */
@NullMarked
package io.fulgur.tensor.testing;

import org.jspecify.annotations.NullMarked;
