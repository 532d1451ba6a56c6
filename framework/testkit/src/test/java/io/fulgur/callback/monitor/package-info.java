@NullMarked
package io.fulgur.callback.monitor;

import org.jspecify.annotations.NullMarked;
