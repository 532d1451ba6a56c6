@NullMarked
package io.fulgur.callback;

import org.jspecify.annotations.NullMarked;
