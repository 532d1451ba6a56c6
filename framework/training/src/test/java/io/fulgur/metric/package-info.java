/** Tests of metrics. */
@NullMarked
package io.fulgur.metric;

import org.jspecify.annotations.NullMarked;
