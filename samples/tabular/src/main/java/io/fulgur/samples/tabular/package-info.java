/** Measurements of tumours: a table, from the file to a checked prediction. */
@NullMarked
package io.fulgur.samples.tabular;

import org.jspecify.annotations.NullMarked;
