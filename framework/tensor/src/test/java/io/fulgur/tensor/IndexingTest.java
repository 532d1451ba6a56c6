package io.fulgur.tensor;

class IndexingTest extends ReferenceCases {
  IndexingTest() {
    super("indexing");
  }
}
