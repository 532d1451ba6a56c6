package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.EmbeddingBags;
import io.fulgur.tensor.functional.EmbeddingBags.Mode;
import io.fulgur.tensor.functional.Embeddings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looking rows up in a table, alone and in bags. */
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
    bags();
  }

  private void bags() {
    operator(
        "embeddingBag",
        in ->
            EmbeddingBags.embeddingBag(
                in.tensor(0),
                in.tensor(1),
                in.optional(2),
                Mode.valueOf(in.text("mode").toUpperCase(Locale.ROOT)),
                in.optional(3),
                in.has("padding") ? in.integer("padding") : Embeddings.NO_PADDING));
    Tensor table = Tensor.ones(3, 2);
    Tensor three = Tensor.arange(3);
    rejectsBag("no offsets", three, table, null, null, ShapeException.class, "[bags, size]");
    rejectsBag(
        "offsets of rows", three.unsqueeze(0), table, three, null, ShapeException.class, "[1, 3]");
    rejectsBag(
        "offsets that begin later",
        three,
        table,
        Tensor.of(new long[] {1, 2}, 2),
        null,
        FulgurException.class,
        "bag 0 goes from offset 1 to 2 of 3 indices");
    rejectsBag(
        "offsets that fall",
        three,
        table,
        Tensor.of(new long[] {0, 2, 1}, 3),
        null,
        FulgurException.class,
        "bag 1 goes from offset 2 to 1 of 3 indices");
    rejectsBag(
        "offsets beyond the indices",
        three,
        table,
        Tensor.of(new long[] {0, 4}, 2),
        null,
        FulgurException.class,
        "bag 0 goes from offset 0 to 4 of 3 indices");
    rejectsBag(
        "offsets of floats", three, table, Tensor.ones(3), null, DTypeException.class, "F32");
    rejectsBag(
        "weights of another shape",
        three,
        table,
        Tensor.zeros(DType.I64, 1),
        Tensor.ones(2),
        ShapeException.class,
        "one weight for each index");
    rejectsBag(
        "weights of another type",
        three,
        table,
        Tensor.zeros(DType.I64, 1),
        Tensor.ones(DType.F64, 3),
        DTypeException.class,
        "F32 and F64");
    rejects(
        "embeddingBag",
        "weights of a mean",
        () ->
            EmbeddingBags.embeddingBag(
                three.unsqueeze(0),
                table,
                null,
                Mode.MEAN,
                Tensor.ones(1, 3),
                Embeddings.NO_PADDING),
        FulgurException.class,
        "embeddingBag",
        "mode is mean");
  }

  private void rejectsBag(
      String what,
      Tensor index,
      Tensor table,
      @Nullable Tensor offsets,
      @Nullable Tensor weights,
      Class<? extends RuntimeException> type,
      String fragment) {
    rejects(
        "embeddingBag",
        what,
        () ->
            EmbeddingBags.embeddingBag(
                index, table, offsets, Mode.SUM, weights, Embeddings.NO_PADDING),
        type,
        "embeddingBag",
        fragment);
  }
}
