/** Shows how far a run is: a bar on a terminal, a line for each epoch in a file. */
@NullMarked
package io.fulgur.progress;

import org.jspecify.annotations.NullMarked;
