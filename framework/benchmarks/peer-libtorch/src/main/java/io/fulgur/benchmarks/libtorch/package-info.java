/** PyTorch's C++ library, eager, called from Java. */
@NullMarked
package io.fulgur.benchmarks.libtorch;

import org.jspecify.annotations.NullMarked;
