@NullMarked
package io.fulgur.parquet;

import org.jspecify.annotations.NullMarked;
