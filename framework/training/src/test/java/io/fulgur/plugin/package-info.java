@NullMarked
package io.fulgur.plugin;

import org.jspecify.annotations.NullMarked;
