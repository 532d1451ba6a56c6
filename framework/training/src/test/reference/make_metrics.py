"""Writes the numbers that the tests of metrics compare with.

Usage: python3 make_metrics.py    (needs scikit-learn >= 1.2 and nltk >= 3.8; writes into
../resources/io/fulgur/metric)

Everything is what scikit-learn computes, but for BLEU, which is nltk's, the calibration error of
several classes and that with other norms, written out here from C. Guo et al. 2017, and perplexity,
which is exp of scikit-learn's log loss. The data comes from fixed seeds, so a second run writes the
same files.
"""

import json
import math
import pathlib
import warnings

import numpy as np
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.preprocessing import label_binarize

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "io" / "fulgur" / "metric"
warnings.simplefilter("ignore", UndefinedMetricWarning)


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "values": values.reshape(-1).tolist()}


def write(name, content):
    text = json.dumps(content, indent=None, separators=(",", ":"), allow_nan=False)
    (TARGET / name).write_text(text.replace(',"', ',\n"') + "\n")


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def curves(y, s):
    precision, recall, thresholds = m.precision_recall_curve(y, s)
    fpr, tpr, roc_thresholds = m.roc_curve(y, s, drop_intermediate=False)
    return {
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "pr_thresholds": thresholds.tolist(),
        "fpr": fpr.tolist(),
        "tpr": tpr.tolist(),
        # The first is infinity, which older versions write as the highest score plus 1.
        "roc_thresholds": roc_thresholds[1:].tolist(),
    }


def calibration(confidence, right, bins):
    """L1, L2 and max norm over bins that are open below and closed above."""
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], confidence)
    gaps, shares = [], []
    for b in range(bins):
        inside = place == b
        if inside.any():
            gaps.append(abs(right[inside].mean() - confidence[inside].mean()))
            shares.append(inside.mean())
    gaps, shares = np.array(gaps), np.array(shares)
    return [float((shares * gaps).sum()), math.sqrt((shares * gaps**2).sum()), float(gaps.max())]


def binary_calibration(y, p, bins):
    """The L1 norm from scikit-learn's curve, to show that the function above bins as it does."""
    fraction, mean = calibration_curve(y, p, n_bins=bins)
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], p)
    shares = np.bincount(place, minlength=bins) / len(p)
    expected = float((shares[shares > 0] * abs(fraction - mean)).sum())
    assert abs(expected - calibration(p, y, bins)[0]) < 1e-15
    return expected


def on_scale(p, thresholds):
    """Scores as the highest of evenly spaced thresholds that they reach."""
    scale = np.linspace(0, 1, thresholds)
    return scale[np.searchsorted(scale, p, side="right") - 1]


def averages(function, y, p, **options):
    values = {a: float(function(y, p, average=a, **options)) for a in ("micro", "macro", "weighted")}
    values["none"] = np.asarray(function(y, p, average=None, **options), float).tolist()
    return values


def counts(y, p, labels):
    options = {"labels": labels, "zero_division": 0}
    present = np.intersect1d(labels, np.union1d(np.unique(y), np.unique(p))) if y.ndim == 1 else labels
    result = {}
    for name, function, more in (
        ("precision", m.precision_score, {}),
        ("recall", m.recall_score, {}),
        ("f1", m.f1_score, {}),
        ("f2", m.fbeta_score, {"beta": 2.0}),
        ("fhalf", m.fbeta_score, {"beta": 0.5}),
        ("jaccard", m.jaccard_score, {}),
    ):
        # Averages over the classes that occur, as without labels; each class over all.
        averaged = averages(function, y, p, labels=present, zero_division=0, **more)
        averaged["none"] = np.asarray(function(y, p, average=None, **options, **more), float).tolist()
        result[name] = averaged
    return result


def binary():
    random = np.random.default_rng(1)
    y = random.integers(0, 2, 60)
    logits = np.round(random.normal(size=60) * 1.5 + 1.2 * y - 0.4, 1)  # with ties
    p = 1 / (1 + np.exp(-logits))
    hard = (p > 0.5).astype(int)
    return {
        "logits": array(logits),
        "probabilities": array(p),
        "targets": array(y),
        "accuracy": m.accuracy_score(y, hard),
        "accuracy_at_0.7": m.accuracy_score(y, p > 0.7),
        "precision": m.precision_score(y, hard),
        "recall": m.recall_score(y, hard),
        "f1": m.f1_score(y, hard),
        "f2": m.fbeta_score(y, hard, beta=2),
        "jaccard": m.jaccard_score(y, hard),
        "confusion": m.confusion_matrix(y, hard).tolist(),
        "auroc": m.roc_auc_score(y, p),
        "average_precision": m.average_precision_score(y, p),
        "auroc_at_7": m.roc_auc_score(y, on_scale(p, 7)),
        "average_precision_at_7": m.average_precision_score(y, on_scale(p, 7)),
        "curves_at_7": curves(y, on_scale(p, 7)),
        "curves": curves(y, logits),
        "calibration_15": binary_calibration(y, p, 15),
        "calibration_7": calibration(p, y, 7),
    }


def multiclass():
    random = np.random.default_rng(2)
    classes, n = 6, 70
    y = random.choice([0, 1, 2, 3, 5], n, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    logits = random.normal(size=(n, classes)) + 1.5 * np.eye(classes)[y]
    logits[:, 4] -= 20  # Class 4 is neither a target nor predicted.
    p = softmax(logits)
    hard = p.argmax(1)
    labels = np.arange(classes)
    one_hot = label_binarize(y, classes=labels)
    present = [0, 1, 2, 3, 5]
    result = {
        "logits": array(logits),
        "probabilities": array(p),
        "targets": array(y),
        "predicted": array(hard),
        "accuracy": m.accuracy_score(y, hard),
        "top_2": m.top_k_accuracy_score(y, p, k=2, labels=labels),
        "top_3": m.top_k_accuracy_score(y, p, k=3, labels=labels),
        "balanced": m.recall_score(y, hard, average="macro", labels=present),
        "confusion": m.confusion_matrix(y, hard, labels=labels).tolist(),
        "confusion_true": m.confusion_matrix(y, hard, labels=labels, normalize="true").tolist(),
        "confusion_predicted": m.confusion_matrix(y, hard, labels=labels, normalize="pred").tolist(),
        "confusion_all": m.confusion_matrix(y, hard, labels=labels, normalize="all").tolist(),
        "auroc": {
            a: m.roc_auc_score(one_hot[:, present], p[:, present], average=a)
            for a in ("macro", "weighted")
        },
        "average_precision": {
            a: m.average_precision_score(one_hot[:, present], p[:, present], average=a)
            for a in ("macro", "weighted")
        },
        "curves_of_2": curves(one_hot[:, 2], p[:, 2]),
        "calibration_15": calibration(p.max(1), (hard == y).astype(float), 15),
        "log_loss_perplexity": math.exp(m.log_loss(y, p, labels=labels)),
    }
    result["auroc_at_9"] = {
        a: m.roc_auc_score(one_hot[:, present], on_scale(p, 9)[:, present], average=a)
        for a in ("macro", "weighted")
    }
    result["auroc_at_9"]["micro"] = m.roc_auc_score(one_hot, on_scale(p, 9), average="micro")
    result["auroc"]["micro"] = m.roc_auc_score(one_hot, p, average="micro")
    result["average_precision"]["micro"] = m.average_precision_score(one_hot, p, average="micro")
    result.update(counts(y, hard, labels))
    return result


def multilabel():
    random = np.random.default_rng(3)
    labels, n = 4, 50
    y = (random.random((n, labels)) < [0.5, 0.3, 0.15, 0.4]).astype(int)
    p = np.round(1 / (1 + np.exp(-(random.normal(size=(n, labels)) + 1.4 * y - 0.6))), 2)
    hard = (p > 0.5).astype(int)
    result = {
        "probabilities": array(p),
        "targets": array(y),
        "accuracy": {
            "micro": float((hard == y).mean()),
            "macro": float(np.mean([m.accuracy_score(y[:, i], hard[:, i]) for i in range(labels)])),
            "none": [m.accuracy_score(y[:, i], hard[:, i]) for i in range(labels)],
        },
        "confusion": m.multilabel_confusion_matrix(y, hard).tolist(),
        "auroc": averages(m.roc_auc_score, y, p),
        "average_precision": averages(m.average_precision_score, y, p),
    }
    result.update(counts(y, hard, np.arange(labels)))
    return result


def segmentation():
    """Three classes on images of 4 x 5, scores before the softmax."""
    random = np.random.default_rng(4)
    y = random.integers(0, 3, (3, 4, 5))
    scores = random.normal(size=(3, 3, 4, 5)) + 1.3 * np.moveaxis(np.eye(3)[y], -1, 1)
    hard = scores.argmax(1)
    flat = np.moveaxis(scores, 1, -1).reshape(-1, 3)
    return {
        "scores": array(scores),
        "targets": array(y),
        "jaccard": m.jaccard_score(y.ravel(), hard.ravel(), average="macro"),
        "dice": m.f1_score(y.ravel(), hard.ravel(), average="macro"),
        "top_2": m.top_k_accuracy_score(y.ravel(), flat, k=2),
        "auroc": m.roc_auc_score(y.ravel(), softmax(flat), multi_class="ovr"),
        "auroc_of_scores": m.roc_auc_score(label_binarize(y.ravel(), classes=[0, 1, 2]), flat),
        "calibration_15": calibration(
            softmax(flat).max(1), (hard.ravel() == y.ravel()).astype(float), 15
        ),
    }


def regression():
    random = np.random.default_rng(5)
    y = random.normal(size=40) + 1e4
    p = y + 0.3 * random.normal(size=40)
    y2 = random.normal(size=(30, 3)) * [1, 10, 100]
    p2 = y2 + random.normal(size=(30, 3)) * [0.5, 2, 80]
    return {
        "predictions": array(p),
        "targets": array(y),
        "mse": m.mean_squared_error(y, p),
        "rmse": m.mean_squared_error(y, p, squared=False),
        "mae": m.mean_absolute_error(y, p),
        "r2": m.r2_score(y, p),
        "outputs_predictions": array(p2),
        "outputs_targets": array(y2),
        "r2_outputs": m.r2_score(y2, p2),
        "r2_per_output": m.r2_score(y2, p2, multioutput="raw_values").tolist(),
    }


def report(predictions, targets, **options):
    text = m.classification_report(targets, predictions, zero_division=0, **options)
    case = {"predictions": np.asarray(predictions).tolist(), "targets": np.asarray(targets).tolist()}
    for name in ("labels", "target_names", "digits"):
        if name in options:
            case[name] = options[name]
    case["text"] = text
    return case


def reports():
    random = np.random.default_rng(6)
    y = random.integers(0, 3, 50)
    p = np.where(random.random(50) < 0.7, y, random.integers(0, 3, 50))
    gaps_y = random.choice([0, 2, 4], 40)
    gaps_p = random.choice([0, 2, 3], 40)
    eighths_y = [0] * 8 + [1] * 8  # 0.125 and 0.375 are exact: Python rounds them half to even.
    eighths_p = [0] * 1 + [1] * 7 + [1] * 5 + [0] * 3
    multi_y = (random.random((30, 4)) < 0.4).astype(int)
    multi_p = np.where(random.random((30, 4)) < 0.8, multi_y, 1 - multi_y)
    return {
        "binary": [
            report((p > 0).astype(int), (y > 0).astype(int)),
            report([0, 0, 0], [0, 0, 0]),
            report([0, 1, 1, 0], [0, 1, 0, 0], target_names=["healthy", "ill, or nearly so"], digits=4),
        ],
        "multiclass": [
            report(p, y),
            report(p, y, target_names=["setosa", "versicolor", "virginica"], digits=3),
            report(p, y, target_names=["a", "b", "a name that is longer than its heading"]),
            report(p, y, target_names=["hôtel", "\U0001f600\U0001f600 two", "x"], digits=0),
            report(p, y, digits=15),
            report(p, y, labels=[2, 0]),
            report(p, y, labels=[2, 1, 0], target_names=["z", "y", "x"]),
            report(gaps_p, gaps_y),
            report(gaps_p, gaps_y, labels=[0, 1, 2, 3, 4]),
            report(eighths_p, eighths_y),
            report(eighths_p, eighths_y, digits=1),
        ],
        "multilabel": [
            report(multi_p, multi_y),
            report(multi_p, multi_y, target_names=["cat", "dog", "bird", "fish"], digits=3),
            report(multi_p, multi_y, labels=[3, 1]),
            report(np.zeros((5, 3), int), np.eye(5, 3, dtype=int)),
        ],
    }


CANDIDATES = [
    "the cat is on the mat",
    "it is a guide to action which ensures that the military always obeys the commands of the party",
    "he read the book because he was interested in world history",
    "the the the the the the the",
]
REFERENCES = [
    ["there is a cat on the mat", "a cat is on the mat"],
    [
        "it is a guide to action that ensures that the military will forever heed party commands",
        "it is the guiding principle which guarantees the military forces always being under the"
        " command of the party",
        "it is the practical guide for the army always to heed the directions of the party",
    ],
    ["he was interested in world history because he read the book"],
    ["the cat is on the mat", "there is a cat on the mat"],
]


def bleu():
    candidates = [c.split() for c in CANDIDATES]
    references = [[r.split() for r in rs] for rs in REFERENCES]
    method2 = SmoothingFunction().method2
    return {
        "candidates": CANDIDATES,
        "references": REFERENCES,
        "corpus": corpus_bleu(references, candidates),
        "corpus_2": corpus_bleu(references, candidates, weights=(0.5, 0.5)),
        "corpus_smooth": corpus_bleu(references, candidates, smoothing_function=method2),
        "first_smooth": corpus_bleu(references[:1], candidates[:1], smoothing_function=method2),
        "sentences": [corpus_bleu([r], [c]) for r, c in zip(references[1:3], candidates[1:3])],
    }


if __name__ == "__main__":
    write("binary.json", binary())
    write("multiclass.json", multiclass())
    write("multilabel.json", multilabel())
    write("segmentation.json", segmentation())
    write("regression.json", regression())
    write("reports.json", reports())
    write("bleu.json", bleu())
