/** What is logged, how it is reduced, and who receives it. */
@NullMarked
package io.fulgur.log;

import org.jspecify.annotations.NullMarked;
