/** A small transformer that learns to write from a text, character by character. */
@NullMarked
package io.fulgur.samples.charlm;

import org.jspecify.annotations.NullMarked;
