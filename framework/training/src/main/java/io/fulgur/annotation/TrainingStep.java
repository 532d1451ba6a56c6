package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that computes the loss of one training batch.
 *
 * <p>It takes any subset of ({@link io.fulgur.data.Batch}, batch index as {@code int} or {@code
 * long}) in any order, and returns the loss as a {@link io.fulgur.tensor.Tensor} with one element,
 * or a {@link io.fulgur.module.StepOutput} with an entry {@code "loss"}. Returning {@code null}
 * skips the batch. Backward, clipping and the optimizer follow by themselves.
 *
 * <pre>{@code
 * @TrainingStep
 * Tensor trainingStep(Batch batch) {
 *   return Losses.crossEntropy(forward(batch.get("image")), batch.get("label"));
 * }
 * }</pre>
 *
 * <p>A module with several optimizers, each with a loss of its own, has a step for each. They run
 * one after the other on every batch, in the order of the {@link io.fulgur.module.OptimizerPlan},
 * and while one runs the parameters of the other optimizers get no gradients.
 *
 * <pre>{@code
 * @TrainingStep(optimizer = "discriminator")
 * Tensor judge(Batch batch) { ... }
 *
 * @TrainingStep(optimizer = "generator")
 * Tensor deceive(Batch batch) { ... }
 * }</pre>
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TrainingStep {
  /** The name that the plan gives to the optimizer of this step; empty for all there are. */
  String optimizer() default "";
}
