@NullMarked
package io.fulgur.callback.stopping;

import org.jspecify.annotations.NullMarked;
