package io.fulgur.tensor;

class ElementwiseTest extends ReferenceCases {
  ElementwiseTest() {
    super("elementwise");
  }
}
