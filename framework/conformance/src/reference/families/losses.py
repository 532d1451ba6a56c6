"""Losses with their options."""

import itertools

import torch
from torch.nn import functional as F

from reference import FLOATS, case, distinct, inf, tensor, values

REDUCTIONS = ["mean", "sum", "none"]
SHAPES = [(3, 2), (1,), (0, 3)]


WEIGHTED = {"crossEntropy", "crossEntropyOfProbabilities", "nll", "focal", "multiMargin", "binaryCrossEntropyWithLogits"}
seen = set()


def loss(op, function, inputs, differences=True, types=None, note="", reductions=None, **options):
    """Adds a case with each reduction the first time; after that without one, and of classes also with
    the mean, whose divisor depends on the options."""
    if reductions is None:
        reductions = REDUCTIONS if op not in seen else ["none"]
        if op in seen and inputs[1].dtype == torch.int64:
            reductions = ["mean", "none"]
        seen.add(op)
    # Weights are constants; what differences say of them is not in the gradient.
    differences = differences and not (op in WEIGHTED and len(inputs) > 2)
    for reduction in reductions:
        case(
            "losses",
            op,
            lambda *given, **o: function(*given, **o),
            inputs,
            dict(options, reduction=reduction),
            differences=differences,
            types=types,
            note=note,
        )


def labels(count, classes):
    return torch.arange(count) * 7 % classes


def weights(*shape):
    return values(*shape, lo=0.25, hi=2.0, seed=5)


# ---------------------------------------------------------------- classes


def cross_entropy(x, y, w=None, ignoreIndex=None, labelSmoothing=0.0, reduction="mean"):
    ignored = -100 if ignoreIndex is None else ignoreIndex
    return F.cross_entropy(x, y, w.detach() if w is not None else None, ignore_index=ignored, label_smoothing=labelSmoothing, reduction=reduction)


def nll(x, y, w=None, ignoreIndex=None, reduction="mean"):
    return F.nll_loss(x, y, w.detach() if w is not None else None, ignore_index=-100 if ignoreIndex is None else ignoreIndex, reduction=reduction)


for shape in [(4, 3), (1, 1), (2, 3, 2)]:
    count = torch.empty(shape).numel() // shape[1]
    y = labels(count, shape[1]).reshape((shape[0],) + shape[2:])
    for op, function in [("crossEntropy", cross_entropy), ("nll", nll)]:
        loss(op, function, [values(*shape), y])
        loss(op, function, [values(*shape), y, weights(shape[1])])
    ignoring = y.clone().reshape(-1)
    ignoring[0] = -100
    if count > 1:
        loss("crossEntropy", cross_entropy, [values(*shape), ignoring.reshape(y.shape), weights(shape[1])], ignoreIndex=-100, labelSmoothing=0.125)
        loss("nll", nll, [values(*shape), ignoring.reshape(y.shape)], ignoreIndex=-100)
    loss("crossEntropy", cross_entropy, [values(*shape), y], labelSmoothing=0.25)
    soft = values(*shape, seed=3).softmax(1).mul(64).round().div(64)
    loss("crossEntropyOfProbabilities", lambda x, t, **o: cross_entropy(x, t, **o), [values(*shape), soft], labelSmoothing=0.25)
    loss("crossEntropyOfProbabilities", cross_entropy, [values(*shape), soft, weights(shape[1])])
loss("crossEntropy", cross_entropy, [values(3), torch.tensor(2)])
loss("crossEntropy", cross_entropy, [values(0, 3), labels(0, 3), weights(3)])
loss("nll", nll, [values(0, 3), labels(0, 3)])
loss("crossEntropyOfProbabilities", cross_entropy, [values(0, 3), values(0, 3)])
loss("crossEntropy", cross_entropy, [tensor([[-inf, 1.0, 2.0], [0.0, -inf, 1.0]]), torch.tensor([-1, 0])], ignoreIndex=-1, types=FLOATS, note="-inf at the place of an ignored label", differences=False)


def focal(x, y, a=None, gamma=2, reduction="mean"):
    logp = F.log_softmax(x, 1).gather(1, y.unsqueeze(1)).squeeze(1)
    losses = -((1 - logp.exp()) ** gamma) * logp
    if a is not None:
        losses = losses * a.detach()[y]
    return {"mean": losses.mean, "sum": losses.sum, "none": lambda: losses}[reduction]()


for shape in [(4, 3), (1, 2), (2, 3, 2), (0, 2)]:
    y = labels(torch.empty(shape).numel() // shape[1], shape[1]).reshape((shape[0],) + shape[2:])
    loss("focal", focal, [values(*shape), y])
    loss("focal", focal, [values(*shape), y, weights(shape[1])], gamma=1)


def multi_margin(x, y, w=None, p=1, margin=1.0, reduction="mean"):
    return F.multi_margin_loss(x, y, p=p, margin=margin, weight=None if w is None else w.detach(), reduction=reduction)


for shape in [(4, 3), (1, 1), (3,)]:
    y = labels(shape[0], shape[1]) if len(shape) > 1 else torch.tensor(1)
    loss("multiMargin", multi_margin, [distinct(*shape), y], margin=0.8)
    loss("multiMargin", multi_margin, [distinct(*shape), y, weights(shape[-1])], p=2, margin=1.3)



def dice(p, t, smooth=1e-5, squared=False, reduction="mean"):
    # As monai.losses.DiceLoss: smooth is its smooth_nr and smooth_dr, squared its squared_pred.
    if t.dtype == torch.int64:
        t = torch.movedim(F.one_hot(t, p.shape[1]), -1, 1).double()
    places = list(range(2, p.dim()))
    total = lambda x: x.sum(places) if places else x
    size = lambda x: total(x * x if squared else x)
    losses = 1 - (2 * total(p * t) + smooth) / (size(p) + size(t) + smooth)
    return {"mean": losses.mean, "sum": losses.sum, "none": lambda: losses}[reduction]()


for shape in [(2, 3, 2), (1, 2)]:
    p = values(*shape, lo=0, hi=1)
    y = labels(p.numel() // shape[1], shape[1]).reshape((shape[0],) + shape[2:])
    loss("dice", dice, [p, y], smooth=0.5)
    loss("dice", dice, [p, values(*shape, lo=0, hi=1, seed=3)], smooth=0.25, squared=True)
loss("dice", dice, [values(0, 2, 3), values(0, 2, 3)], smooth=0.5, reductions=["sum"])

# ---------------------------------------------------------------- element by element

for shape in SHAPES:
    x, t = values(*shape), values(*shape, seed=3)
    loss("mse", lambda a, b, reduction: F.mse_loss(a, b, reduction=reduction), [x, t])
    apart = values(*shape, seed=7) + tensor(0.03125)
    loss("l1", lambda a, b, reduction: F.l1_loss(a, b, reduction=reduction), [x, apart])
    for beta in [1, 0.4, 0]:
        loss("smoothL1", lambda a, b, beta, reduction: F.smooth_l1_loss(a, b, beta=beta, reduction=reduction), [x, apart], beta=beta)
    for delta in [1, 0.4]:
        loss("huber", lambda a, b, delta, reduction: F.huber_loss(a, b, delta=delta, reduction=reduction), [x, apart], delta=delta)
    p = values(*shape, lo=0.125, hi=0.875, seed=2)
    loss("binaryCrossEntropy", lambda a, b, reduction: F.binary_cross_entropy(a, b, reduction=reduction), [p, values(*shape, lo=0.0, hi=1.0, seed=1)])
    for logTarget in [False, True]:
        target = values(*shape, lo=-3, hi=-0.5, seed=6) if logTarget else values(*shape, lo=0.0625, hi=1, seed=6)
        loss("klDiv", lambda a, b, logTarget, reduction: F.kl_div(a, b, log_target=logTarget, reduction=reduction), [x, target], logTarget=logTarget, reductions=REDUCTIONS + (["batchmean"] if shape[0] else []))
    for logInput, full in itertools.product([True, False], [False, True]):
        rate = values(*shape) if logInput else values(*shape, lo=0.5, hi=3)
        counts = torch.arange(torch.empty(shape).numel()).reshape(shape).double() % 5
        case(
            "losses",
            "poissonNll",
            # PyTorch's gradient of a target below 1 is NaN.
            lambda a, b, logInput, full: F.poisson_nll_loss(a, b.detach(), log_input=logInput, full=full),
            [rate, counts],
            dict(logInput=logInput, full=full),
            differences=False,
        )
loss("binaryCrossEntropy", lambda a, b, reduction: F.binary_cross_entropy(a, b, reduction=reduction), [tensor([0.0, 1.0, 0.0, 1.0, 0.5]), tensor([1.0, 0.0, 0.0, 1.0, 1.0])], types=FLOATS, note="certainties", differences=False, reductions=["mean"])


def bce_logits(x, t, w=None, p=None, reduction="mean"):
    return F.binary_cross_entropy_with_logits(x, t, weight=w, pos_weight=p, reduction=reduction)


def constant(function):
    """Weights are constants, whatever they require."""
    return lambda x, t, *rest, **o: function(x, t, *[None if r is None else r.detach() for r in rest], **o)


for shape in [(3, 2), (1, 1), (0, 2)]:
    x, t = values(*shape), values(*shape, lo=0, hi=1, seed=4)
    loss("binaryCrossEntropyWithLogits", constant(bce_logits), [x, t])
    loss("binaryCrossEntropyWithLogits", constant(bce_logits), [x, t, weights(shape[0], 1) if shape[0] else weights(1, 1), weights(shape[1])])
    loss("binaryCrossEntropyWithLogits", constant(bce_logits), [x, t, None, weights(shape[1])], reductions=["mean"])
loss("binaryCrossEntropyWithLogits", constant(bce_logits), [tensor([0.0, 60.0, -60.0, 800.0, -800.0]), tensor([0.5, 0.0, 1.0, 1.0, 1.0])], types=FLOATS, note="extremes", reductions=["sum"], differences=False)


def sigmoid_focal(x, t, alpha, gamma, reduction):
    p = torch.sigmoid(x)
    ce = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    p_t = p * t + (1 - p) * (1 - t)
    out = ce * ((1 - p_t) ** gamma)
    if alpha >= 0:
        out = (alpha * t + (1 - alpha) * (1 - t)) * out
    return {"mean": out.mean, "sum": out.sum, "none": lambda: out}[reduction]()


for shape in [(4, 2), (1,), (0, 2)]:
    hard = (torch.arange(torch.empty(shape).numel()) % 3 == 0).double().reshape(shape)
    loss("sigmoidFocal", sigmoid_focal, [values(*shape), hard], alpha=0.25, gamma=2)
    loss("sigmoidFocal", sigmoid_focal, [values(*shape), hard], alpha=-1, gamma=1.5)


def gaussian_nll(x, t, v, full, reduction):
    return F.gaussian_nll_loss(x, t, v, full=full, reduction=reduction)


for shape, v in [((3, 2), (3, 2)), ((3, 2), (3, 1)), ((3, 2), (3,)), ((1, 1), (1, 1)), ((0, 2), (0, 1))]:
    loss("gaussianNll", gaussian_nll, [values(*shape), values(*shape, seed=3), values(*v, lo=0.5, hi=2, seed=1)], full=False)
    loss("gaussianNll", gaussian_nll, [values(*shape), values(*shape, seed=3), values(*v, lo=0.5, hi=2, seed=1)], full=True, reductions=["mean"])

# ---------------------------------------------------------------- pairs and triplets


def signs(*shape):
    return (torch.arange(torch.empty(shape).numel()).reshape(shape) % 3 != 1).double() * 2 - 1


def no_target_grad(function, place):
    return lambda *given, **o: function(*[g.detach() if i == place else g for i, g in enumerate(given)], **o)


for shape in [(4,), (1,), (0,)]:
    x = distinct(*shape, scale=0.25)
    loss("hingeEmbedding", no_target_grad(lambda a, t, margin, reduction: F.hinge_embedding_loss(a, t, margin=margin, reduction=reduction), 1), [x, signs(*shape)], margin=0.8)
    loss("marginRanking", no_target_grad(lambda a, b, t, margin, reduction: F.margin_ranking_loss(a, b, t, margin=margin, reduction=reduction), 2), [x, distinct(*shape, seed=2, scale=0.25), signs(*shape)], margin=0.3, differences=False)
for shape in [(4, 3), (1, 1), (0, 3), (3,)]:
    loss("cosineEmbedding", no_target_grad(lambda a, b, t, margin, reduction: F.cosine_embedding_loss(a, b, t, margin=margin, reduction=reduction), 2), [values(*shape), values(*shape, seed=3), signs(*shape[:-1])], margin=0.1, differences=shape != (1, 1))
for shape, p, swap in [((4, 3), 2, False), ((4, 3), 1, True), ((4, 3), 3, True), ((4, 3), inf, False), ((1, 1), 2, True), ((0, 3), 2, False), ((3,), 2, False)]:
    loss(
        "tripletMargin",
        lambda a, b, c, p, swap, reduction: F.triplet_margin_loss(a, b, c, margin=1.2, p=float(p), swap=swap, reduction=reduction),
        [values(*shape), values(*shape, seed=3) + 0.03125, values(*shape, seed=8) - 0.03125],
        p="Infinity" if p == inf else p,
        swap=swap,
        reductions=["mean", "none"],
    )

# ---------------------------------------------------------------- sequences


def ctc(x, targets, times, lengths, blank, zeroInfinity, reduction):
    return F.ctc_loss(x.log_softmax(2), targets, times, lengths, blank=blank, reduction=reduction, zero_infinity=zeroInfinity)


def integers(data):
    return torch.tensor(data, dtype=torch.int64)


repeated = integers([[1, 1, 2], [3, 2, 3], [2, 0, 0]])
loss("ctc", ctc, [values(6, 3, 4), repeated, integers([6, 5, 6]), integers([3, 3, 1])], blank=0, zeroInfinity=False)
loss("ctc", ctc, [values(5, 2, 3), integers([[0, 1], [0, 0]]), integers([5, 4]), integers([2, 2])], blank=2, zeroInfinity=False)
loss("ctc", ctc, [values(3, 2, 3), integers([[1, 1, 1], [1, 2, 0]]), integers([3, 3]), integers([3, 2])], blank=0, zeroInfinity=True, note="an impossible one")
loss("ctc", ctc, [values(3, 2, 3), integers([[1, 1], [2, 2]]), integers([3, 2]), integers([0, 1])], blank=0, zeroInfinity=False, note="no labels")
loss("ctc", ctc, [values(1, 1, 2), integers([[1]]), integers([1]), integers([1])], blank=0, zeroInfinity=False)
