/** Learning-rate schedules. */
@NullMarked
package io.fulgur.nn.schedule;

import org.jspecify.annotations.NullMarked;
