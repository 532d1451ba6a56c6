package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.SelectionOperators.Fold;

/** The reductions of {@link Selection#scatterReduce} and their gradients. */
final class ScatterReductions {
  private ScatterReductions() {}

  static Tensor reduce(Scattering s, ScatterReduction reduction, boolean includeSelf) {
    Arguments.requireNumbers("scatterReduce", s.input());
    if (!includeSelf) {
      boolean extreme = reduction == ScatterReduction.MAX || reduction == ScatterReduction.MIN;
      // Integers have no infinity to start at; one of the elements themselves does as well.
      Tensor start =
          extreme && s.input().dtype().isInteger()
              ? Selection.scatter(s.input(), s.axis(), s.index(), s.source())
              : Selection.scatter(s.input(), s.axis(), s.index(), neutral(reduction));
      Scattering fresh = new Scattering(start.contiguous(), s.axis(), s.index(), s.source());
      if (reduction != ScatterReduction.MEAN) {
        return reduce(fresh, reduction, /* includeSelf= */ true);
      }
      return mean(fresh, /* own= */ 0);
    }
    return switch (reduction) {
      case SUM -> Selection.scatterAdd(s.input(), s.axis(), s.index(), s.source());
      case MEAN -> mean(s, /* own= */ 1);
      case PRODUCT -> product(s);
      case MAX, MIN -> extremum(s, reduction);
    };
  }

  private static double neutral(ScatterReduction reduction) {
    return switch (reduction) {
      case SUM, MEAN -> 0;
      case PRODUCT -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static Tensor mean(Scattering s, double own) {
    Tensor sum = Selection.scatterAdd(s.input(), s.axis(), s.index(), s.source());
    Tensor start = Tensor.full(own, s.input().dtype(), s.input().shape().toArray());
    Tensor ones = Tensor.onesLike(s.source());
    Tensor count = Selection.scatterAdd(start, s.axis(), s.index(), ones);
    return sum.div(count.clamp(1, Integer.MAX_VALUE));
  }

  private static Tensor folded(Tensor start, Scattering s, Tensor source, Fold fold) {
    Tensor out = Calls.call(Operators.COPY, Operators.NONE, start);
    Calls.into(
        SelectionOperators.SCATTER_REDUCE, fold, Calls.views(source, s.index()), Calls.views(out));
    return out;
  }

  private static Tensor product(Scattering s) {
    Fold fold = new Fold(s.axis(), ScatterReduction.PRODUCT);
    Tensor x = s.input();
    Tensor source = s.source();
    Tensor out = folded(x, s, source, fold);
    if (!Calls.tracks(x, source)) {
      return out;
    }
    return Calls.record(
        out,
        "scatterReduce",
        (grad, g) -> {
          if (x.requiresGrad()) {
            // The product of the others, also where this factor is 0.
            Tensor filled = x.maskedFill(x.eq(0), 1);
            g.give(x, grad.mul(folded(filled, s, source, fold)).div(filled));
          }
          if (source.requiresGrad()) {
            g.give(source, productGradient(s, grad, out, fold));
          }
        },
        x,
        source,
        s.index(),
        out);
  }

  /** With a single zero at a place, only that element's gradient is not 0: the others' product. */
  private static Tensor productGradient(Scattering s, Tensor grad, Tensor out, Fold fold) {
    Tensor source = s.source();
    Tensor isZero = source.eq(0);
    Tensor zeros =
        Selection.scatterAdd(
            Tensor.zerosLike(s.input()), s.axis(), s.index(), isZero.to(source.dtype()));
    Tensor single = isZero.logicalAnd(zeros.gather(s.axis(), s.index()).eq(1));
    Tensor others = folded(s.input(), s, source.maskedFill(single, 1), fold);
    Tensor ofSingle = grad.mul(others).gather(s.axis(), s.index());
    Tensor ofRest = grad.mul(out).gather(s.axis(), s.index()).div(source.maskedFill(isZero, 1));
    return Tensor.where(single, ofSingle, ofRest);
  }

  private static Tensor extremum(Scattering s, ScatterReduction reduction) {
    Tensor x = s.input();
    Tensor source = s.source();
    Tensor out = folded(x, s, source, new Fold(s.axis(), reduction));
    if (!Calls.tracks(x, source)) {
      return out;
    }
    return Calls.record(
        out,
        "scatterReduce",
        (grad, g) -> {
          Tensor won = x.eq(out).to(x.dtype());
          Tensor sourceWon = source.eq(out.gather(s.axis(), s.index())).to(x.dtype());
          Tensor winners = Selection.scatterAdd(won, s.axis(), s.index(), sourceWon);
          Tensor share = grad.div(winners);
          if (x.requiresGrad()) {
            g.give(x, share.mul(won));
          }
          if (source.requiresGrad()) {
            g.give(source, share.gather(s.axis(), s.index()).mul(sourceWon));
          }
        },
        x,
        source,
        s.index(),
        out);
  }
}
