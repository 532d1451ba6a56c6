package io.fulgur.tensor;

class ReductionsTest extends ReferenceCases {
  ReductionsTest() {
    super("reductions");
  }
}
