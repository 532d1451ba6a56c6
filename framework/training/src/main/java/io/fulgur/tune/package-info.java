/** Finding a learning rate and a batch size before training. */
@NullMarked
package io.fulgur.tune;

import org.jspecify.annotations.NullMarked;
