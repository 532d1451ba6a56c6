/** Trains a classifier on handwritten digits. */
@NullMarked
package io.fulgur.samples.digits;

import org.jspecify.annotations.NullMarked;
