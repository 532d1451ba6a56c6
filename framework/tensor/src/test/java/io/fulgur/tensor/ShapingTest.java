package io.fulgur.tensor;

class ShapingTest extends ReferenceCases {
  ShapingTest() {
    super("shaping");
  }
}
