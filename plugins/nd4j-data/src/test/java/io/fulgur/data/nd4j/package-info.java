@NullMarked
package io.fulgur.data.nd4j;

import org.jspecify.annotations.NullMarked;
