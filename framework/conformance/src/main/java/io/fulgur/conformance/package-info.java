/**
 * What an engine or a kernel provider is judged by: every operator against PyTorch's numbers and
 * against finite differences, over whatever is on the class path.
 */
@NullMarked
package io.fulgur.conformance;

import org.jspecify.annotations.NullMarked;
