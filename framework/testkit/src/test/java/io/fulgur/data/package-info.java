@NullMarked
package io.fulgur.data;

import org.jspecify.annotations.NullMarked;
