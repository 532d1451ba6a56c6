package io.fulgur.conformance;

import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Einsum;

/** Sums of products by Einstein's convention. */
final class EinsumFamily extends Family {
  EinsumFamily() {
    super("einsum");
    operator("einsum", in -> Einsum.einsum(in.text("equation"), in.tensors(0)));
    rejects("too few operands", "ij,jk->ik", "2 terms for 1 operands", Tensor.ones(2, 3));
    rejects("too few letters", "i->i", "1 letters for 2 dimensions", Tensor.ones(2, 3));
    rejects("too many letters", "ijk->i", "3 letters for 2 dimensions", Tensor.ones(2, 3));
    rejects("sizes that differ", "i,i->", "\"i\" is both 2 and 3", Tensor.ones(2), Tensor.ones(3));
    rejects("an unequal diagonal", "ii->i", "different size", Tensor.ones(2, 1));
    rejects("a letter from nowhere", "i->j", "\"j\" of the result", Tensor.ones(2));
    rejects("a result's letter twice", "i->ii", "\"i\" is in the result twice", Tensor.ones(2));
    rejects("what is no letter", "1->1", "is not letters", Tensor.ones(2));
  }

  private void rejects(String what, String equation, String fragment, Tensor... operands) {
    rejects(
        "einsum",
        what,
        () -> Einsum.einsum(equation, operands),
        ShapeException.class,
        "einsum \"" + equation + "\"",
        operands[0].shape().toString(),
        fragment);
  }
}
