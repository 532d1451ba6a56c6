/**
 * Recording of constructor arguments for {@link io.fulgur.annotation.SaveHyperparameters}.
 *
 * <p>Java forgets what an object was constructed with. A woven constructor hands its arguments to
 * {@link io.fulgur.weave.HyperparameterCapture}; weaving happens in the build ({@link
 * io.fulgur.weave.HyperparameterPlugin}) or when a class is loaded ({@link
 * io.fulgur.weave.HyperparameterAgent}), by the same transformation.
 */
@NullMarked
package io.fulgur.weave;

import org.jspecify.annotations.NullMarked;
