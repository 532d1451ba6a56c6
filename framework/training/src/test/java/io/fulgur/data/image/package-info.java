@NullMarked
package io.fulgur.data.image;

import org.jspecify.annotations.NullMarked;
