@NullMarked
package io.fulgur.weave;

import org.jspecify.annotations.NullMarked;
