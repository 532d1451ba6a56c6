"""Activation functions."""

import torch
import torch.nn.functional as F

from reference import FLOATS, case, inf, nan, tensor, values

SHAPES = [(), (7,), (2, 3), (1, 1), (0, 3), (2, 2, 1, 4)]


def activation(op, function, args=(), extremes=(-inf, inf, nan, -100, 100, 0, -1e-4, 1e-4), lo=-4.0, hi=4.0, differences=True):
    for shape in SHAPES:
        case("activations", op, function, [values(*shape, lo=lo, hi=hi)], args, differences=differences)
    case("activations", op, function, [tensor(list(extremes))], args, types=FLOATS, note="extremes", differences=False)


FINITE = (nan, -100, 100, 0, -1e-4, 1e-4, -30, 25)
activation("relu6", F.relu6, hi=8.0)
activation("leakyRelu", F.leaky_relu, [0.01])
activation("leakyRelu", F.leaky_relu, [0.25])
activation("elu", F.elu, [1.0])
activation("elu", F.elu, [0.5])
activation("selu", F.selu)
activation("celu", F.celu, [2.0])
activation("silu", F.silu, extremes=FINITE)
activation("mish", F.mish, extremes=FINITE)
activation("softplus", F.softplus, [1.0, 20.0])
activation("softplus", F.softplus, [2.0, 3.0])
activation("logSigmoid", F.logsigmoid)
activation("softsign", F.softsign, extremes=FINITE)
activation("tanhshrink", F.tanhshrink, extremes=FINITE)
activation("softshrink", F.softshrink, [0.5], extremes=(-inf, inf, 0, 0.5, -0.5, 0.51))
activation("hardshrink", F.hardshrink, [0.5], extremes=(-inf, inf, nan, 0, 0.5, -0.5, 0.51))
activation("hardtanh", F.hardtanh, [-1.0, 2.0], differences=False, extremes=(-inf, inf, -1, 2))
# PyTorch's own takes 1/6 in single precision.
activation("hardsigmoid", lambda x: F.relu6(x + 3) / 6, extremes=(-inf, inf, -3, 3, 2.9))
activation("hardswish", F.hardswish, extremes=(-100, 100, -3, 3, 2.9))
activation("threshold", F.threshold, [0.25, -1.5], extremes=(-inf, inf, nan, 0.25))

for shape, dim in [((4,), 0), ((2, 6), -1), ((2, 6), 0), ((3, 4, 1), 1), ((0, 4), 1), ((3, 0), 1)]:
    case("activations", "glu", F.glu, [values(*shape)], [dim])
for shape, dim in [((4,), 0), ((2, 3), 0), ((2, 1, 3), -1), ((0, 3), 1)]:
    case("activations", "softmin", F.softmin, [values(*shape)], [dim])
for shape in [(2, 3, 2, 2), (3, 1, 2), (0, 3, 1, 2)]:
    case("activations", "softmax2d", torch.nn.Softmax2d(), [values(*shape)])
for shape, weights in [((5,), 1), ((2, 3), 3), ((2, 3, 2), 3), ((2, 3, 2), 1), ((0, 3), 3)]:
    case("activations", "prelu", F.prelu, [values(*shape), values(weights, seed=1)])
