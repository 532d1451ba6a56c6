package io.fulgur.conformance;

import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Embeddings;

/** Looking rows up in a table. */
final class EmbeddingFamily extends Family {
  EmbeddingFamily() {
    super("embedding");
    operator(
        "embedding",
        in ->
            Embeddings.embedding(
                in.tensor(0),
                in.tensor(1),
                in.has("padding") ? in.integer("padding") : Embeddings.NO_PADDING));
    Tensor index = Tensor.of(new long[] {0, 3}, 2);
    rejects(
        "embedding",
        "an index beyond the table",
        () -> Embeddings.embedding(index, Tensor.ones(3, 2)),
        IndexException.class,
        "3");
    rejects(
        "embedding",
        "a table of one dimension",
        () -> Embeddings.embedding(index, Tensor.ones(4)),
        ShapeException.class,
        "embedding",
        "[4]");
    rejects(
        "embedding",
        "an index of floats",
        () -> Embeddings.embedding(Tensor.ones(2), Tensor.ones(3, 2)),
        DTypeException.class,
        "embedding",
        "F32",
        "I64");
    rejects(
        "embedding",
        "padding beyond the table",
        () -> Embeddings.embedding(index, Tensor.ones(4, 2), 4),
        IndexException.class,
        "paddingIndex",
        "4");
  }
}
