package io.fulgur.nn;

import io.fulgur.nn.loss.BCELoss;
import io.fulgur.nn.loss.BCEWithLogitsLoss;
import io.fulgur.nn.loss.CrossEntropyLoss;
import io.fulgur.nn.loss.HuberLoss;
import io.fulgur.nn.loss.KLDivLoss;
import io.fulgur.nn.loss.L1Loss;
import io.fulgur.nn.loss.MSELoss;
import io.fulgur.nn.loss.NLLLoss;
import io.fulgur.nn.loss.SmoothL1Loss;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * The most used losses as they are without options: each a scalar, the mean over all that is
 * compared. Options, other reductions and other losses are in {@link io.fulgur.nn.loss}.
 *
 * @since 0.1
 */
public final class Losses {
  private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();
  private static final NLLLoss NLL = new NLLLoss();
  private static final BCELoss BCE = new BCELoss();
  private static final BCEWithLogitsLoss BCE_WITH_LOGITS = new BCEWithLogitsLoss();
  private static final MSELoss MSE = new MSELoss();
  private static final L1Loss L1 = new L1Loss();
  private static final SmoothL1Loss SMOOTH_L1 = new SmoothL1Loss();
  private static final HuberLoss HUBER = new HuberLoss();
  private static final KLDivLoss KL_DIV = new KLDivLoss().batchMean();

  private Losses() {}

  /**
   * Returns the cross-entropy of class scores, {@code mean(-logSoftmax(logits)[label])}, as {@code
   * torch.nn.functional.cross_entropy}; see {@link CrossEntropyLoss}.
   *
   * @param logits scores before any softmax, {@code [n, classes]} or {@code [n, classes, d...]},
   *     floating-point
   * @param target class indices, {@code [n]} or {@code [n, d...]} of {@code I64}, in {@code [0,
   *     classes)}; or probabilities, of the shape and type of the logits
   * @throws ShapeException if the shapes are others
   * @throws DTypeException if the types are others
   * @throws io.fulgur.error.FulgurException if a label is out of range
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return CROSS_ENTROPY.of(logits, target);
  }

  /**
   * Returns the negative log-likelihood {@code mean(-x[label])} of log-probabilities, as {@code
   * torch.nn.functional.nll_loss}; see {@link NLLLoss}.
   *
   * @param logProbabilities {@code [n, classes]} or {@code [n, classes, d...]}, floating-point
   * @param labels class indices, {@code [n]} or {@code [n, d...]} of {@code I64}
   * @throws ShapeException if the shapes are others
   * @throws DTypeException if the types are others
   * @throws io.fulgur.error.FulgurException if a label is out of range
   */
  public static Tensor nll(Tensor logProbabilities, Tensor labels) {
    return NLL.of(logProbabilities, labels);
  }

  /**
   * Returns the cross-entropy of yes-or-no probabilities, {@code mean(-t log x - (1 - t) log(1 -
   * x))}, as {@code torch.nn.functional.binary_cross_entropy}; see {@link BCELoss}.
   *
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the types differ or are not floating-point
   * @throws io.fulgur.error.FulgurException if an input is no probability
   */
  public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor targets) {
    return BCE.of(probabilities, targets);
  }

  /**
   * Returns the cross-entropy of yes-or-no scores, {@code mean(-t log σ(x) - (1 - t) log(1 -
   * σ(x)))}, computed without overflow, as {@code
   * torch.nn.functional.binary_cross_entropy_with_logits}; see {@link BCEWithLogitsLoss}.
   *
   * @param logits scores {@code x} before any sigmoid, floating-point
   * @param targets probabilities {@code t} in {@code [0, 1]}, of the shape and type of the logits
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
    return BCE_WITH_LOGITS.of(logits, targets);
  }

  /**
   * Returns the mean squared error {@code mean((input - target)²)}, as {@code
   * torch.nn.functional.mse_loss}.
   *
   * @throws ShapeException if the shapes differ: broadcasting here is nearly always a mistake
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor mse(Tensor input, Tensor target) {
    return MSE.of(input, target);
  }

  /**
   * Returns the mean absolute error {@code mean(|input - target|)}, as {@code
   * torch.nn.functional.l1_loss}; its gradient is 0 where both are equal.
   *
   * @throws ShapeException if the shapes differ: broadcasting here is nearly always a mistake
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor l1(Tensor input, Tensor target) {
    return L1.of(input, target);
  }

  /**
   * Returns the mean of {@code d² / 2} where {@code d = |input - target| < 1} and {@code d - 1/2}
   * else, as {@code torch.nn.functional.smooth_l1_loss}; see {@link SmoothL1Loss}.
   *
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor smoothL1(Tensor input, Tensor target) {
    return SMOOTH_L1.of(input, target);
  }

  /**
   * Returns the same as {@link #smoothL1}, as {@code torch.nn.functional.huber_loss}; they differ
   * in how their options scale: see {@link HuberLoss}.
   *
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor huber(Tensor input, Tensor target) {
    return HUBER.of(input, target);
  }

  /**
   * Returns the Kullback-Leibler divergence of distributions in rows, {@code sum(t (log t - x)) /
   * n}, as {@code torch.nn.functional.kl_div} with {@code reduction="batchmean"}; see {@link
   * KLDivLoss}.
   *
   * @param logProbabilities {@code x}, {@code [n, ...]}, floating-point
   * @param targets probabilities {@code t}, of the same shape and type
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the types differ or are not floating-point
   */
  public static Tensor klDivergence(Tensor logProbabilities, Tensor targets) {
    return KL_DIV.of(logProbabilities, targets);
  }
}
