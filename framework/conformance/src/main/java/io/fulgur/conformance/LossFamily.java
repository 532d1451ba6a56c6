package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.nn.loss.BCELoss;
import io.fulgur.nn.loss.BCEWithLogitsLoss;
import io.fulgur.nn.loss.CTCLoss;
import io.fulgur.nn.loss.CosineEmbeddingLoss;
import io.fulgur.nn.loss.CrossEntropyLoss;
import io.fulgur.nn.loss.DiceLoss;
import io.fulgur.nn.loss.FocalLoss;
import io.fulgur.nn.loss.GaussianNLLLoss;
import io.fulgur.nn.loss.HingeEmbeddingLoss;
import io.fulgur.nn.loss.HuberLoss;
import io.fulgur.nn.loss.KLDivLoss;
import io.fulgur.nn.loss.L1Loss;
import io.fulgur.nn.loss.Loss;
import io.fulgur.nn.loss.MSELoss;
import io.fulgur.nn.loss.MarginRankingLoss;
import io.fulgur.nn.loss.MultiMarginLoss;
import io.fulgur.nn.loss.NLLLoss;
import io.fulgur.nn.loss.PoissonNLLLoss;
import io.fulgur.nn.loss.Reduction;
import io.fulgur.nn.loss.SigmoidFocalLoss;
import io.fulgur.nn.loss.SmoothL1Loss;
import io.fulgur.nn.loss.TripletMarginLoss;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.IndexException;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Losses with their options. */
final class LossFamily extends Family {
  LossFamily() {
    super("losses");
    ofClasses();
    elementwise();
    ofPairs();
    ctc();
  }

  private void ofClasses() {
    operator("crossEntropy", in -> crossEntropy(in).of(in.tensor(0), in.tensor(1)));
    operator("crossEntropyOfProbabilities", in -> crossEntropy(in).of(in.tensor(0), in.tensor(1)));
    operator("nll", LossFamily::nll);
    operator("focal", LossFamily::focal);
    operator("multiMargin", LossFamily::multiMargin);
    operator("dice", LossFamily::dice);
    rejects(
        "dice",
        "labels of other places",
        () -> new DiceLoss().of(Tensor.ones(2, 3, 4), Tensor.zeros(DType.I64, 2, 3)),
        ShapeException.class,
        "dice of [2, 3, 4] and [2, 3]",
        "without the classes");
    rejects(
        "dice",
        "a label that is no class",
        () -> new DiceLoss().of(Tensor.ones(1, 3, 1), Tensor.of(new long[] {3}, 1, 1)),
        IndexException.class,
        "3");
    exempt(Requirement.EMPTY, "PyTorch refuses it", "multiMargin");
    Tensor scores = Tensor.zeros(2, 3);
    labelsAreChecked("crossEntropy", new CrossEntropyLoss().ignoreIndex(7));
    labelsAreChecked("nll", new NLLLoss());
    labelsAreChecked("focal", new FocalLoss());
    labelsAreChecked("multiMargin", new MultiMarginLoss());
    rejects(
        "crossEntropy",
        "a weight for another number of classes",
        () ->
            new CrossEntropyLoss()
                .weight(Tensor.ones(2))
                .of(scores, Tensor.of(new long[] {0, 1}, 2)),
        ShapeException.class,
        "crossEntropy of [2, 3] and [2]: there must be one weight for each class");
    rejects(
        "crossEntropyOfProbabilities",
        "other shapes",
        () -> new CrossEntropyLoss().of(scores, Tensor.zeros(2, 2)),
        ShapeException.class,
        "crossEntropy of [2, 3] and [2, 2]");
    rejects(
        "crossEntropyOfProbabilities",
        "a label to ignore",
        () -> new CrossEntropyLoss().ignoreIndex(0).of(scores, scores),
        FulgurException.class,
        "ignoreIndex is 0",
        "probabilities are no labels");
  }

  private void labelsAreChecked(String operator, Loss loss) {
    rejects(
        operator,
        "a label that is no class",
        () -> loss.of(Tensor.zeros(2, 3), Tensor.of(new long[] {0, 3}, 2)),
        IndexException.class,
        "label 3 at index 1",
        "0 to 2");
    rejects(
        operator,
        "another number of labels",
        () -> loss.of(Tensor.zeros(2, 3), Tensor.of(new long[] {0, 1, 2}, 3)),
        ShapeException.class,
        "[2, 3] and [3]");
  }

  private void elementwise() {
    elementwise("mse", in -> new MSELoss().reduction(reduction(in)));
    elementwise("l1", in -> new L1Loss().reduction(reduction(in)));
    elementwise(
        "smoothL1", in -> new SmoothL1Loss().beta(number(in, "beta", 1)).reduction(reduction(in)));
    elementwise(
        "huber", in -> new HuberLoss().delta(number(in, "delta", 1)).reduction(reduction(in)));
    elementwise("binaryCrossEntropy", in -> new BCELoss().reduction(reduction(in)));
    elementwise("klDiv", LossFamily::klDiv);
    operator(
        "poissonNll",
        in ->
            new PoissonNLLLoss()
                .logInput(in.flag("logInput"))
                .full(in.flag("full"))
                .of(in.tensor(0), in.tensor(1).detach()));
    broadcastIsRefused("poissonNll", new PoissonNLLLoss());
    elementwise("binaryCrossEntropyWithLogits", LossFamily::bceWithLogits);
    elementwise(
        "sigmoidFocal",
        in ->
            new SigmoidFocalLoss()
                .alpha(number(in, "alpha", 0.25))
                .gamma(number(in, "gamma", 2))
                .reduction(reduction(in)));
    rejects(
        "binaryCrossEntropy",
        "what is no probability",
        () -> new BCELoss().of(Tensor.full(1.5, DType.F32, 1), Tensor.ones(1)),
        FulgurException.class,
        "must be probabilities, 0 to 1",
        "1.5",
        "BCEWithLogitsLoss");
    operator(
        "gaussianNll",
        in ->
            new GaussianNLLLoss()
                .full(in.flag("full"))
                .reduction(reduction(in))
                .of(in.tensor(0), in.tensor(1), in.tensor(2)));
    rejects(
        "gaussianNll",
        "a variance of another shape",
        () -> new GaussianNLLLoss().of(Tensor.ones(2, 3), Tensor.ones(2, 3), Tensor.ones(3)),
        ShapeException.class,
        "[2, 3] and [3]");
  }

  private void elementwise(String name, Function<@Nullable Arguments, Loss> loss) {
    operator(name, in -> loss.apply(in).of(in.tensor(0), in.tensor(1)));
    broadcastIsRefused(name, loss.apply(null));
  }

  private void broadcastIsRefused(String name, Loss loss) {
    rejects(
        name,
        "shapes that would broadcast",
        () -> loss.of(Tensor.zeros(4, 1), Tensor.zeros(4)),
        ShapeException.class,
        "of [4, 1] and [4]: input and target must have one shape");
  }

  private void ofPairs() {
    operator(
        "hingeEmbedding",
        in ->
            new HingeEmbeddingLoss()
                .margin(in.number("margin"))
                .reduction(reduction(in))
                .of(in.tensor(0), in.tensor(1).detach()));
    rejects(
        "hingeEmbedding",
        "other shapes",
        () -> new HingeEmbeddingLoss().of(Tensor.ones(2), Tensor.ones(1)),
        ShapeException.class,
        "hingeEmbedding of [2] and [1]");
    operator(
        "marginRanking",
        in ->
            new MarginRankingLoss()
                .margin(in.number("margin"))
                .reduction(reduction(in))
                .of(in.tensor(0), in.tensor(1), in.tensor(2).detach()));
    rejects(
        "marginRanking",
        "other shapes",
        () -> new MarginRankingLoss().of(Tensor.ones(2), Tensor.ones(2), Tensor.ones(1)),
        ShapeException.class,
        "marginRanking of [2] and [1]");
    operator(
        "cosineEmbedding",
        in ->
            new CosineEmbeddingLoss()
                .margin(in.number("margin"))
                .reduction(reduction(in))
                .of(in.tensor(0), in.tensor(1), in.tensor(2).detach()));
    rejects(
        "cosineEmbedding",
        "a target for another number of pairs",
        () -> new CosineEmbeddingLoss().of(Tensor.ones(2, 3), Tensor.ones(2, 3), Tensor.ones(3)),
        ShapeException.class,
        "[2, 3] and [2, 3] and [3]");
    operator(
        "tripletMargin",
        in ->
            new TripletMarginLoss()
                .margin(1.2)
                .p(in.number("p"))
                .swap(in.flag("swap"))
                .reduction(reduction(in))
                .of(in.tensor(0), in.tensor(1), in.tensor(2)));
    rejects(
        "tripletMargin",
        "other shapes",
        () -> new TripletMarginLoss().of(Tensor.ones(2), Tensor.ones(2), Tensor.ones(3)),
        ShapeException.class,
        "tripletMargin of [2] and [3]");
  }

  private void ctc() {
    operator(
        "ctc",
        in ->
            new CTCLoss()
                .blank(in.integer("blank"))
                .zeroInfinity(in.flag("zeroInfinity"))
                .reduction(reduction(in))
                .of(in.tensor(0).logSoftmax(2), in.tensor(1), in.tensor(2), in.tensor(3)));
    exempt(Requirement.EMPTY, "PyTorch refuses it", "ctc");
    Tensor scores = Tensor.zeros(4, 1, 3);
    Tensor label = Tensor.of(new long[] {1}, 1, 1);
    Tensor one = Tensor.of(new long[] {1}, 1);
    rejects(
        "ctc",
        "other shapes",
        () -> new CTCLoss().of(scores, one, one, one),
        ShapeException.class,
        "ctcLoss of [4, 1, 3] and [1] and [1] and [1]");
    rejects(
        "ctc",
        "a label that is no class",
        () -> new CTCLoss().of(scores, Tensor.of(new long[] {3}, 1, 1), one, one),
        IndexException.class,
        "label 3");
    rejects(
        "ctc",
        "a length beyond the input",
        () -> new CTCLoss().of(scores, label, Tensor.of(new long[] {5}, 1), one),
        IndexException.class,
        "5",
        "0 to 4");
    rejects(
        "ctc",
        "a blank that is no class",
        () -> new CTCLoss().blank(3).of(scores, label, one, one),
        ShapeException.class,
        "class 3",
        "0 to 2");
  }

  private static CrossEntropyLoss crossEntropy(Arguments in) {
    CrossEntropyLoss loss = new CrossEntropyLoss().reduction(reduction(in));
    Tensor weight = in.optional(2);
    if (weight != null) {
      loss = loss.weight(weight);
    }
    if (in.has("ignoreIndex")) {
      loss = loss.ignoreIndex(in.integer("ignoreIndex"));
    }
    return in.has("labelSmoothing") ? loss.labelSmoothing(in.number("labelSmoothing")) : loss;
  }

  private static Tensor nll(Arguments in) {
    NLLLoss loss = new NLLLoss().reduction(reduction(in));
    Tensor weight = in.optional(2);
    if (weight != null) {
      loss = loss.weight(weight);
    }
    if (in.has("ignoreIndex")) {
      loss = loss.ignoreIndex(in.integer("ignoreIndex"));
    }
    return loss.of(in.tensor(0), in.tensor(1));
  }

  private static Tensor focal(Arguments in) {
    FocalLoss loss = new FocalLoss().gamma(number(in, "gamma", 2)).reduction(reduction(in));
    Tensor weight = in.optional(2);
    return (weight == null ? loss : loss.weight(weight)).of(in.tensor(0), in.tensor(1));
  }

  private static Tensor dice(Arguments in) {
    DiceLoss loss =
        new DiceLoss()
            .smooth(in.number("smooth"))
            .squared(in.has("squared") && in.flag("squared"))
            .reduction(reduction(in));
    return loss.of(in.tensor(0), in.tensor(1));
  }

  private static Tensor multiMargin(Arguments in) {
    MultiMarginLoss loss =
        new MultiMarginLoss()
            .p((int) number(in, "p", 1))
            .margin(in.number("margin"))
            .reduction(reduction(in));
    Tensor weight = in.optional(2);
    return (weight == null ? loss : loss.weight(weight)).of(in.tensor(0), in.tensor(1));
  }

  private static Loss klDiv(@Nullable Arguments in) {
    KLDivLoss loss = new KLDivLoss().logTarget(in != null && in.flag("logTarget"));
    return in != null && in.text("reduction").equals("batchmean")
        ? loss.batchMean()
        : loss.reduction(reduction(in));
  }

  private static Loss bceWithLogits(@Nullable Arguments in) {
    BCEWithLogitsLoss loss = new BCEWithLogitsLoss().reduction(reduction(in));
    Tensor weight = in == null ? null : in.optional(2);
    Tensor posWeight = in == null ? null : in.optional(3);
    if (weight != null) {
      loss = loss.weight(weight.detach());
    }
    return posWeight == null ? loss : loss.posWeight(posWeight.detach());
  }

  private static double number(@Nullable Arguments in, String name, double otherwise) {
    return in != null && in.has(name) ? in.number(name) : otherwise;
  }

  private static Reduction reduction(@Nullable Arguments in) {
    return in == null || !in.has("reduction")
        ? Reduction.MEAN
        : Reduction.valueOf(in.text("reduction").toUpperCase(Locale.ROOT));
  }
}
