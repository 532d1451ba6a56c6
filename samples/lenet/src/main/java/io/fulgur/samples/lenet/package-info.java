/** LeNet on images of handwritten digits: convolutions, pooling, a schedule. */
@NullMarked
package io.fulgur.samples.lenet;

import org.jspecify.annotations.NullMarked;
