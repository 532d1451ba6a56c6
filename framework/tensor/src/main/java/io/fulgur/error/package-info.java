/**
 * The one unchecked exception of the framework and the identifiers of everything that can go wrong.
 */
@NullMarked
package io.fulgur.error;

import org.jspecify.annotations.NullMarked;
