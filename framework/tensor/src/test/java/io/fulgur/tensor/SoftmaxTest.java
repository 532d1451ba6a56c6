package io.fulgur.tensor;

class SoftmaxTest extends ReferenceCases {
  SoftmaxTest() {
    super("softmax");
  }
}
