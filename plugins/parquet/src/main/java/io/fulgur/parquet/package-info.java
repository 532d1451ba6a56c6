/** Data sets from Parquet files. */
@NullMarked
package io.fulgur.parquet;

import org.jspecify.annotations.NullMarked;
