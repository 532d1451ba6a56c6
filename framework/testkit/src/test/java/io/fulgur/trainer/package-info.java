/** What a trainer does, seen from outside. */
@NullMarked
package io.fulgur.trainer;

import org.jspecify.annotations.NullMarked;
