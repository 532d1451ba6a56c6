/** A generator of handwritten digits and its judge, trained against each other. */
@NullMarked
package io.fulgur.samples.gan;

import org.jspecify.annotations.NullMarked;
