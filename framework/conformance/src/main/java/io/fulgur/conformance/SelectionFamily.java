package io.fulgur.conformance;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ScatterReduction;
import io.fulgur.tensor.functional.Selection;

/** Picking and writing by index and mask. */
final class SelectionFamily extends Family {
  SelectionFamily() {
    super("selection");
    operator("takeAlong", in -> Selection.takeAlong(in.tensor(0), in.tensor(1), in.integer(0)));
    operator("index", in -> Selection.index(in.tensor(0), in.tensors(1)));
    operator("maskedSelect", in -> Selection.maskedSelect(in.tensor(0), in.tensor(1)));
    operator("nonzero", in -> Selection.nonzero(in.tensor(0)));
    operator("oneHot", in -> Selection.oneHot(in.tensor(0), in.integer(0)));
    operator(
        "indexPut",
        in -> Selection.indexPut(in.tensor(0), in.tensors(2), in.tensor(1), in.flag(0)));
    operator(
        "scatter",
        in -> Selection.scatter(in.tensor(0), in.integer(0), in.tensor(1), in.tensor(2)));
    operator(
        "scatterValue",
        in -> Selection.scatter(in.tensor(0), in.integer(0), in.tensor(1), in.number(1)));
    operator(
        "scatterAdd",
        in -> Selection.scatterAdd(in.tensor(0), in.integer(0), in.tensor(1), in.tensor(2)));
    operator(
        "scatterReduce",
        in ->
            Selection.scatterReduce(
                in.tensor(0),
                1,
                in.tensor(1),
                in.tensor(2),
                ScatterReduction.valueOf(in.text("reduction")),
                in.flag("own")));
    operator(
        "indexAdd",
        in -> Selection.indexAdd(in.tensor(0), in.integer(0), in.tensor(1), in.tensor(2)));
    operator(
        "indexCopy",
        in -> Selection.indexCopy(in.tensor(0), in.integer(0), in.tensor(1), in.tensor(2)));
    operator(
        "indexFill",
        in -> Selection.indexFill(in.tensor(0), in.integer(0), in.tensor(1), in.number(1)));
    exempt(Requirement.REJECTION, "takes every tensor", "nonzero");
    exempt(Requirement.SIZE_ONE, "has cases of scalars", "oneHot");
    rejectPicking();
    rejectWriting();
  }

  private static Tensor at(long... places) {
    return Tensor.of(places, places.length);
  }

  private void rejectPicking() {
    rejects(
        "takeAlong",
        "an index of another rank",
        () -> Selection.takeAlong(Tensor.ones(2, 3), at(0), 0),
        ShapeException.class,
        "takeAlong of [2, 3] and [1]");
    rejects(
        "index",
        "an index that there is not",
        () -> Selection.index(Tensor.ones(2, 3), at(0), at(3)),
        IndexException.class,
        "index 3",
        "size 3",
        "0 to 2");
    rejects(
        "index",
        "more indices than dimensions",
        () -> Selection.index(Tensor.ones(2), at(0), at(0)),
        ShapeException.class,
        "from 1 to 1 indices",
        "got 2");
    rejects(
        "maskedSelect",
        "a mask of numbers",
        () -> Selection.maskedSelect(Tensor.ones(2), Tensor.ones(2)),
        DTypeException.class,
        "mask",
        "F32",
        "BOOL");
    rejects(
        "oneHot",
        "a class that there is not",
        () -> Selection.oneHot(at(0, 3), 3),
        IndexException.class,
        "index 3",
        "0 to 2");
  }

  private void rejectWriting() {
    rejects(
        "indexPut",
        "values that do not broadcast",
        () -> Selection.indexPut(Tensor.ones(3), new Tensor[] {at(0, 1)}, Tensor.ones(3), false),
        ShapeException.class,
        "[3]",
        "[2]");
    rejects(
        "scatter",
        "an index larger than its source",
        () -> Selection.scatter(Tensor.ones(3), 0, at(0, 1), Tensor.ones(1)),
        ShapeException.class,
        "scatter of [3] and [2] and [1]");
    rejects(
        "scatterValue",
        "an index that there is not",
        () -> Selection.scatter(Tensor.ones(3), 0, at(-1), 1),
        IndexException.class,
        "scatter",
        "-1");
    rejects(
        "scatterAdd",
        "an index of 32 bits",
        () -> Selection.scatterAdd(Tensor.ones(3), 0, at(0).to(DType.I32), Tensor.ones(1)),
        DTypeException.class,
        "index of scatterAdd",
        "I64");
    rejects(
        "scatterReduce",
        "a source of another type",
        () ->
            Selection.scatterReduce(
                Tensor.ones(3),
                0,
                at(0),
                Tensor.ones(DType.F64, 1),
                ScatterReduction.MAX,
                /* includeSelf= */ true),
        DTypeException.class,
        "F32 and F64");
    for (String name : new String[] {"indexAdd", "indexCopy"}) {
      rejects(
          name,
          "a source of another size",
          () ->
              name.equals("indexAdd")
                  ? Selection.indexAdd(Tensor.ones(2, 3), 1, at(0), Tensor.ones(2, 2))
                  : Selection.indexCopy(Tensor.ones(2, 3), 1, at(0), Tensor.ones(2, 2)),
          ShapeException.class,
          name + " of [2, 3] and [1] and [2, 2]");
    }
    rejects(
        "indexFill",
        "an index that there is not",
        () -> Selection.indexFill(Tensor.ones(2, 3), 1, at(3), 0),
        IndexException.class,
        "index 3",
        "0 to 2");
  }
}
