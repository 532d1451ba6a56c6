/** Runs the contestants beside each other and reports what they need. */
@NullMarked
package io.fulgur.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
