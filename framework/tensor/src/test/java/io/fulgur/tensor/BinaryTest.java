package io.fulgur.tensor;

class BinaryTest extends ReferenceCases {
  BinaryTest() {
    super("binary");
  }
}
