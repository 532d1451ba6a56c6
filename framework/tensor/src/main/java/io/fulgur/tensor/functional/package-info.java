/** Functions of tensors by family: convolution, pooling, normalisation, attention and others. */
@NullMarked
package io.fulgur.tensor.functional;

import org.jspecify.annotations.NullMarked;
