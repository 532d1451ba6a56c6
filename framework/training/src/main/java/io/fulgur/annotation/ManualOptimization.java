package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a module whose training step runs the backward pass and steps the optimizers by itself.
 *
 * <p>The {@link TrainingStep} method may return nothing. Learning-rate schedules are stepped by the
 * module as well. Accumulation and clipping, which the trainer cannot do then, are errors if they
 * are set.
 *
 * <pre>{@code
 * @ManualOptimization
 * class Classifier extends FulgurModule {
 *   @TrainingStep
 *   void trainingStep(Batch batch) {
 *     ManualOptimizer optimizer = manualOptimizers().get(0);
 *     optimizer.zeroGrad();
 *     manualBackward(loss(batch));
 *     optimizer.step();
 *   }
 * }
 * }</pre>
 *
 * @since 0.1
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ManualOptimization {}
