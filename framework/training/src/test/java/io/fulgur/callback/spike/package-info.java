@NullMarked
package io.fulgur.callback.spike;

import org.jspecify.annotations.NullMarked;
