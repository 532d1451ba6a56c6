/** ND4J's SameDiff. */
@NullMarked
package io.fulgur.benchmarks.samediff;

import org.jspecify.annotations.NullMarked;
