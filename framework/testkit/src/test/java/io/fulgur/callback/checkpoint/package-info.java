@NullMarked
package io.fulgur.callback.checkpoint;

import org.jspecify.annotations.NullMarked;
