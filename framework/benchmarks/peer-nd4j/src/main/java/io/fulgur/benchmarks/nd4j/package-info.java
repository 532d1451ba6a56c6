/** What the contestants on ND4J share. */
@NullMarked
package io.fulgur.benchmarks.nd4j;

import org.jspecify.annotations.NullMarked;
