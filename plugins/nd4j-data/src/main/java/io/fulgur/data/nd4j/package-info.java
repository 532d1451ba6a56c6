/** Data from the iterators of ND4J, with which programs for DL4J are fed. */
@NullMarked
package io.fulgur.data.nd4j;

import org.jspecify.annotations.NullMarked;
