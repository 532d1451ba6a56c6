package io.fulgur.tensor.functional;

import io.fulgur.tensor.MemoryFormat;

/**
 * Attributes of the operators of a convolution.
 *
 * @param window the geometry, seen from the convolution, also in its gradients and in a transposed
 *     convolution
 * @param groups into how many parts the channels are divided
 * @param bias whether {@link ConvolutionOperators#CONVOLUTION} has a bias as its third input, and
 *     {@link ConvolutionOperators#CONVOLUTION_BACKWARD_WEIGHT} its gradient as second output
 * @param format how inputs and outputs that have a batch dimension lie; weights are row-major
 * @since 0.1
 */
public record ConvolutionAttributes(
    WindowGeometry window, int groups, boolean bias, MemoryFormat format) {
  ConvolutionAttributes withBias(boolean value) {
    return value == bias ? this : new ConvolutionAttributes(window, groups, value, format);
  }

  ConvolutionAttributes rowMajor() {
    return new ConvolutionAttributes(window, groups, bias, MemoryFormat.ROW_MAJOR);
  }
}
