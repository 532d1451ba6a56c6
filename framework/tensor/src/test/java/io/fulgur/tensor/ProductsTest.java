package io.fulgur.tensor;

class ProductsTest extends ReferenceCases {
  ProductsTest() {
    super("products");
  }
}
