/** Measurements beside peers. */
@NullMarked
package io.fulgur.benchmarks;

import org.jspecify.annotations.NullMarked;
