/** The trainer and what surrounds it. */
@NullMarked
package io.fulgur;

import org.jspecify.annotations.NullMarked;
