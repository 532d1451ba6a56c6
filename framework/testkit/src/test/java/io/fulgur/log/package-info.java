@NullMarked
package io.fulgur.log;

import org.jspecify.annotations.NullMarked;
