/** Writer and reader of event files. */
@NullMarked
package io.fulgur.tensorboard;

import org.jspecify.annotations.NullMarked;
