@NullMarked
package io.fulgur.crossvalidation;

import org.jspecify.annotations.NullMarked;
