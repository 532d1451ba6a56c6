/** DL4J. */
@NullMarked
package io.fulgur.benchmarks.dl4j;

import org.jspecify.annotations.NullMarked;
