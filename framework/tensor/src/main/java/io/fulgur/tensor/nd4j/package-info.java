/** The engine on ND4J; the only place that knows {@code INDArray}. */
@NullMarked
package io.fulgur.tensor.nd4j;

import org.jspecify.annotations.NullMarked;
