/** Kernels for a CPU, written in Java or calling BLAS on memory that the host can address. */
@NullMarked
package io.fulgur.tensor.cpu;

import org.jspecify.annotations.NullMarked;
