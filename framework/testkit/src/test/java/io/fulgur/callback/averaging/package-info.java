@NullMarked
package io.fulgur.callback.averaging;

import org.jspecify.annotations.NullMarked;
