package io.fulgur.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that evaluates one validation batch.
 *
 * <p>It takes any subset of ({@link io.fulgur.data.Batch}, batch index, dataloader index) in any
 * order: of two whole numbers the first is the batch index and the second the dataloader index,
 * unless {@link BatchIndex} or {@link DataloaderIndex} says otherwise. It runs without gradients,
 * in evaluation mode, and returns nothing, a {@link io.fulgur.tensor.Tensor} or a {@link
 * io.fulgur.module.StepOutput}, which the batch-end hooks and callbacks receive.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ValidationStep {}
