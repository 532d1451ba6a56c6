/** What the driver and a contestant's JVM say to each other: one JSON message a line. */
@NullMarked
package io.fulgur.benchmarks.protocol;

import org.jspecify.annotations.NullMarked;
