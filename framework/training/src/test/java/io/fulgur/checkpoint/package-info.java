/** Tests of checkpoints and their files. */
@NullMarked
package io.fulgur.checkpoint;

import org.jspecify.annotations.NullMarked;
