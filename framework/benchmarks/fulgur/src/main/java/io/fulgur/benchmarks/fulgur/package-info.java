/** Fulgur's own contestants and microbenchmarks. */
@NullMarked
package io.fulgur.benchmarks.fulgur;

import org.jspecify.annotations.NullMarked;
