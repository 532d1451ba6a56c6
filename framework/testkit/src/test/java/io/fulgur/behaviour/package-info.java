/** What users of PyTorch Lightning expect of a trainer, in numbers. */
@NullMarked
package io.fulgur.behaviour;

import org.jspecify.annotations.NullMarked;
