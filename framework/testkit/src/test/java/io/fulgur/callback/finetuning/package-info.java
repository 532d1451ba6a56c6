@NullMarked
package io.fulgur.callback.finetuning;

import org.jspecify.annotations.NullMarked;
