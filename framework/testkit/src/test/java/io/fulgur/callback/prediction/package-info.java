@NullMarked
package io.fulgur.callback.prediction;

import org.jspecify.annotations.NullMarked;
