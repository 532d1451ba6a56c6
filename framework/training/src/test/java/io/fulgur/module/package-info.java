@NullMarked
package io.fulgur.module;

import org.jspecify.annotations.NullMarked;
