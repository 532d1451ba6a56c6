package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Rearranging;
import java.util.List;
import java.util.function.Supplier;

/** Rearranging, repeating and taking apart. */
final class RearrangingFamily extends Family {
  private static final Tensor[] NO_TENSORS = {};

  RearrangingFamily() {
    super("rearranging");
    operator("roll", in -> Rearranging.roll(in.tensor(0), in.integer(0), in.integer(1)));
    operator("flip", in -> Rearranging.flip(in.tensor(0), in.integers(0)));
    operator(
        "rot90",
        in -> Rearranging.rot90(in.tensor(0), in.integer(0), in.integer(1), in.integer(2)));
    operator("movedim", in -> Rearranging.movedim(in.tensor(0), in.integer(0), in.integer(1)));
    operator("repeat", in -> Rearranging.repeat(in.tensor(0), in.longs(0)));
    operator("tile", in -> Rearranging.tile(in.tensor(0), in.longs(0)));
    operator(
        "repeatInterleave",
        in -> Rearranging.repeatInterleave(in.tensor(0), in.integer(0), in.integer(1)));
    operator(
        "repeatInterleaveEach",
        in -> Rearranging.repeatInterleave(in.tensor(0), in.tensor(1), in.integer(0)));
    pieces();
    triangles();
    rejectDimensions();
    rejectOthers();
  }

  private void pieces() {
    operators("split", in -> all(Rearranging.split(in.tensor(0), in.integer(0), in.integer(1))));
    operators("splitSizes", in -> all(Rearranging.split(in.tensor(0), in.longs(0), 0)));
    operators("chunk", in -> all(Rearranging.chunk(in.tensor(0), in.integer(0), in.integer(1))));
    operators("unbind", in -> all(Rearranging.unbind(in.tensor(0), in.integer(0))));
    operators("meshgrid", in -> all(Rearranging.meshgrid(in.tensors(0))));
  }

  private static Tensor[] all(List<Tensor> tensors) {
    return tensors.toArray(NO_TENSORS);
  }

  private void triangles() {
    operator("tril", in -> Rearranging.tril(in.tensor(0), in.integer(0)));
    operator("triu", in -> Rearranging.triu(in.tensor(0), in.integer(0)));
    operator(
        "diagonal",
        in -> Rearranging.diagonal(in.tensor(0), in.integer(0), in.integer(1), in.integer(2)));
    operator("diagEmbed", in -> Rearranging.diagEmbed(in.tensor(0), in.integer(0)));
    operator("diag", in -> Rearranging.diag(in.tensor(0), in.integer(0)));
  }

  private void rejectShape(String operator, String what, Supplier<?> call, String... fragments) {
    rejects(operator, what, call, ShapeException.class, fragments);
  }

  private void rejectDimensions() {
    String what = "a dimension that there is not";
    Tensor matrix = Tensor.ones(2, 3);
    rejectShape("roll", what, () -> Rearranging.roll(matrix, 1, 2), "Dimension 2", "[2, 3]");
    rejectShape("flip", what, () -> Rearranging.flip(matrix, 2), "Dimension 2", "[2, 3]");
    rejectShape("movedim", what, () -> Rearranging.movedim(matrix, 0, 2), "Dimension 2");
    rejectShape("split", what, () -> Rearranging.split(matrix, 1, 2), "Dimension 2");
    rejectShape("chunk", what, () -> Rearranging.chunk(matrix, 1, 2), "Dimension 2");
    rejectShape("unbind", what, () -> Rearranging.unbind(matrix, 2), "Dimension 2");
    rejectShape(
        "repeatInterleave", what, () -> Rearranging.repeatInterleave(matrix, 2, 2), "Dimension 2");
  }

  private void rejectOthers() {
    Tensor matrix = Tensor.ones(2, 3);
    Tensor vector = Tensor.ones(3);
    rejectShape("rot90", "one dimension", () -> Rearranging.rot90(matrix, 1, 0, -2), "two dim");
    rejectShape("repeat", "too few numbers", () -> Rearranging.repeat(matrix, 2), "[2, 3]", "[2]");
    rejectShape("tile", "a negative number", () -> Rearranging.tile(matrix, -1), "[1, -1]");
    rejectShape(
        "repeatInterleaveEach",
        "a number too many",
        () -> Rearranging.repeatInterleave(matrix, Tensor.arange(3), 0),
        "[2, 3] and [3]");
    rejectShape(
        "splitSizes",
        "sizes that do not add up",
        () -> Rearranging.split(matrix, new long[] {1, 2}, 0),
        "[1, 2]",
        "add up to 2");
    rejectShape("meshgrid", "a matrix", () -> Rearranging.meshgrid(matrix), "meshgrid of [2, 3]");
    rejectShape("tril", "a vector", () -> Rearranging.tril(vector, 0), "tril of [3]");
    rejectShape("triu", "a vector", () -> Rearranging.triu(vector, 0), "triu of [3]");
    rejectShape("diagonal", "a vector", () -> Rearranging.diagonal(vector), "diagonal of [3]");
    rejectShape("diagEmbed", "a scalar", () -> Rearranging.diagEmbed(Tensor.scalar(1), 0), "[]");
    rejectShape("diag", "a scalar", () -> Rearranging.diag(Tensor.scalar(1), 0), "diag of []");
    rejects(
        "chunk",
        "no pieces",
        () -> Rearranging.chunk(matrix, 0, 0),
        FulgurException.class,
        "positive",
        "0");
  }
}
