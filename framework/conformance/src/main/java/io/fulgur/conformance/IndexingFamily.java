package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;

/** Choosing elements by masks and indices. */
final class IndexingFamily extends Family {
  IndexingFamily() {
    super("indexing");
    operator("where", in -> Tensor.where(in.tensor(0), in.tensor(1), in.tensor(2)));
    operator("maskedFill", in -> in.tensor(0).maskedFill(in.tensor(1), in.number(0)));
    operator("gather", in -> in.tensor(0).gather(in.integer(0), in.tensor(1)));
    operator("indexSelect", in -> in.tensor(0).indexSelect(in.integer(0), in.tensor(1)));
    rejects(
        "where",
        "shapes that do not broadcast",
        () -> Tensor.where(Tensor.ones(2).to(DType.BOOL), Tensor.ones(3), Tensor.ones(3)),
        FulgurException.class,
        "where",
        "[2]",
        "[3]");
    rejects(
        "maskedFill",
        "a mask that does not broadcast",
        () -> Tensor.ones(3).maskedFill(Tensor.ones(2).to(DType.BOOL), 0),
        FulgurException.class,
        "[2]",
        "[3]");
    rejects(
        "gather",
        "an index that there is not",
        () -> Tensor.ones(2, 3).gather(1, Tensor.of(new long[] {3, 0}, 2, 1)),
        FulgurException.class,
        "gather",
        "3");
    rejects(
        "indexSelect",
        "an index that there is not",
        () -> Tensor.ones(2, 3).indexSelect(1, Tensor.of(new long[] {3}, 1)),
        FulgurException.class,
        "indexSelect",
        "3");
  }
}
