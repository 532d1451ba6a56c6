/**
 * Hyperparameters: what an object was constructed with, as it stands in checkpoints, loggers, YAML
 * files and on the command line, and the way back to constructor arguments.
 */
@NullMarked
package io.fulgur.hyperparameter;

import org.jspecify.annotations.NullMarked;
