/** Handwritten digits: a first model, from the data to a prediction. */
@NullMarked
package io.fulgur.samples.digits;

import org.jspecify.annotations.NullMarked;
