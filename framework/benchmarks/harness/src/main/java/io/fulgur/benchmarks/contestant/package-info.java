/** What runs in a contestant's own JVM: the models to train and the measuring of each step. */
@NullMarked
package io.fulgur.benchmarks.contestant;

import org.jspecify.annotations.NullMarked;
