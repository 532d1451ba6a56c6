/** The loops that train, evaluate and predict. */
@NullMarked
package io.fulgur.loop;

import org.jspecify.annotations.NullMarked;
