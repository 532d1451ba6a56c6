/** Kernels of oneDNN for the tensor engine, found where the module is on the class path. */
@NullMarked
package io.fulgur.onednn;

import org.jspecify.annotations.NullMarked;
