package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.Operator.Output;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Connectionist temporal classification: the negative log-likelihood of a label sequence, summed
 * over all its alignments to a longer sequence of predictions; as {@code
 * torch.nn.functional.ctc_loss}.
 *
 * <p>A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist Temporal Classification:
 * Labelling Unsegmented Sequence Data with Recurrent Neural Networks", ICML 2006.
 *
 * @since 0.1
 */
public final class Ctc {
  private static final double[] NO_SCALARS = {};

  /**
   * {@code logProbabilities[time, batch, classes], targets[batch, length] I64, inputLengths[batch]
   * I64, targetLengths[batch] I64 -> losses[batch], alpha[batch, time, 2 length + 1] F64}; the
   * attribute is the blank's class, an Integer.
   */
  public static final Operator CTC =
      Operator.of(
          "ctcLoss",
          (blank, in) -> {
            Shape x = in[0].shape();
            Shape states = Shape.of(x.size(1), x.size(0), 2 * in[1].shape().size(1) + 1);
            return new Output[] {
              new Output(in[0].dtype(), Shape.of(x.size(1))), new Output(DType.F64, states)
            };
          });

  /** {@code grad[batch], then the inputs and outputs of CTC -> gradient of the first input}. */
  public static final Operator CTC_BACKWARD =
      Operator.of(
          "ctcLossBackward",
          (blank, in) -> new Output[] {new Output(in[1].dtype(), in[1].shape())});

  private Ctc() {}

  /**
   * Returns the loss of each sequence.
   *
   * @param logProbabilities {@code [time, batch, classes]}, floating-point, as of {@link
   *     Tensor#logSoftmax}
   * @param targets {@code [batch, length]} of {@link DType#I64}: the classes, in rows that are as
   *     long as the longest
   * @param inputLengths {@code [batch]} of {@link DType#I64}, how much of each sequence counts
   * @param targetLengths {@code [batch]} of {@link DType#I64}, how much of each row of targets
   *     counts
   * @param blank the class that stands for no label
   * @return {@code [batch]}; infinite where the sequence is too short for its labels
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if the types are others
   * @throws io.fulgur.tensor.IndexException if a label or a length is out of range
   */
  public static Tensor losses(
      Tensor logProbabilities,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      int blank) {
    check(logProbabilities, targets, inputLengths, targetLengths, blank);
    Tensor x = logProbabilities.contiguous();
    Tensor labels = targets.contiguous();
    Tensor times = inputLengths.contiguous();
    Tensor lengths = targetLengths.contiguous();
    Tensor[] out = Calls.callAll(CTC, blank, NO_SCALARS, x, labels, times, lengths);
    Tensor losses = out[0];
    Tensor alpha = out[1];
    if (Calls.tracks(x)) {
      Calls.record(
          losses,
          "ctcLoss",
          (grad, g) ->
              g.give(
                  x,
                  Calls.callAll(
                      CTC_BACKWARD,
                      blank,
                      NO_SCALARS,
                      grad.contiguous(),
                      x,
                      labels,
                      times,
                      lengths,
                      losses,
                      alpha)[0]),
          x,
          labels,
          times,
          lengths,
          losses,
          alpha);
    }
    alpha.release();
    return losses;
  }

  private static void check(
      Tensor logProbabilities,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      int blank) {
    boolean fits = logProbabilities.rank() == 3 && targets.rank() == 2;
    long batch = fits ? logProbabilities.size(1) : 0;
    fits =
        fits
            && targets.size(0) == batch
            && inputLengths.shape().equals(Shape.of(batch))
            && targetLengths.shape().equals(Shape.of(batch));
    if (!fits) {
      throw ShapeException.mismatch(
          "ctcLoss",
          "needs log-probabilities [time, batch, classes], targets [batch, length], and two lengths"
              + " [batch]",
          logProbabilities.shape(),
          targets.shape(),
          inputLengths.shape(),
          targetLengths.shape());
    }
    if (!logProbabilities.dtype().isFloating()) {
      throw DTypeException.unsupported(
          "ctcLoss", logProbabilities.dtype(), "floating-point log-probabilities");
    }
    for (Tensor integers : new Tensor[] {targets, inputLengths, targetLengths}) {
      if (integers.dtype() != DType.I64) {
        throw DTypeException.unsupported(
            "ctcLoss with targets or lengths", integers.dtype(), "I64; convert with to(DType.I64)");
      }
    }
    if (blank < 0 || blank >= logProbabilities.size(2)) {
      throw ShapeException.invalid(
          "ctcLoss: the blank is class "
              + blank
              + ", but there are "
              + logProbabilities.size(2)
              + " classes; allowed is 0 to "
              + (logProbabilities.size(2) - 1));
    }
  }
}
