@NullMarked
package io.fulgur.progress;

import org.jspecify.annotations.NullMarked;
