/** What others contribute to a trainer, and how it is put together. */
@NullMarked
package io.fulgur.plugin;

import org.jspecify.annotations.NullMarked;
