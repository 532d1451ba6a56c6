package io.fulgur;

/**
 * How {@code gradientClipVal} bounds gradients.
 *
 * @since 0.1
 */
public enum GradientClipAlgorithm {
  /** Scales all gradients of an optimizer together so that their L2 norm is at most the value. */
  NORM,
  /** Bounds each element to {@code [-value, value]}. */
  VALUE
}
