"""Mathematical functions element by element, and comparisons."""

import torch

from reference import FLOATS, case, distinct, inf, nan, tensor, values

SHAPES = [(), (5,), (2, 3), (1, 1), (0, 3), (2, 2, 1, 4)]


def unary(op, function, lo=-2.0, hi=2.0, extremes=(), types=None, **kwargs):
    for shape in SHAPES:
        case("pointwise", op, function, [values(*shape, lo=lo, hi=hi)], types=types, **kwargs)
    if extremes:
        case(
            "pointwise",
            op,
            function,
            [tensor(list(extremes))],
            types=FLOATS,
            note="extremes",
            grad=False,
        )


unary("tan", torch.tan, lo=-1.25, hi=1.25, extremes=[nan, 0, 3, -1e-6])
unary("asin", torch.asin, lo=-0.75, hi=0.75, extremes=[-1, 1, 2, nan, 1e-6])
unary("acos", torch.acos, lo=-0.75, hi=0.75, extremes=[-1, 1, 2, nan, 1e-6])
unary("atan", torch.atan, extremes=[-inf, inf, nan, 1e6, 1e-6])
unary("sinh", torch.sinh, extremes=[-inf, inf, nan, 1e-6, 30])
unary("cosh", torch.cosh, extremes=[-inf, inf, nan, 1e-6, 30])
unary("asinh", torch.asinh, extremes=[-inf, inf, nan, 1e-6, -1e20, 1e6])
unary("acosh", torch.acosh, lo=1.25, hi=4, extremes=[1, inf, nan, 0.5, 1e20])
unary("atanh", torch.atanh, lo=-0.75, hi=0.75, extremes=[-1, 1, nan, 2, 1e-6])
unary("exp2", torch.exp2, extremes=[-inf, inf, nan, 10, -126])
unary("log2", torch.log2, lo=0.25, hi=4, extremes=[0, inf, nan, -1, 8, 1e-20, 1024])
unary("log10", torch.log10, lo=0.25, hi=4, extremes=[0, inf, nan, -1, 1000, 1e-20])
unary("trunc", torch.trunc, differences=False, extremes=[-0.5, 0.5, inf, nan, -2.75, 1e10])
unary("frac", torch.frac, lo=0.125, hi=3)
unary("erfc", torch.erfc, extremes=[-inf, inf, nan, 5, -5, 2, 1e-6])
unary("erfinv", torch.erfinv, lo=-0.75, hi=0.75, extremes=[-1, 1, nan, 2, 0, 1e-6, 0.999, -0.9999])
unary("lgamma", torch.lgamma, lo=0.25, hi=4, extremes=[0, inf, -inf, nan, 1, 2, -1, -0.5, -3.25, 100, 1e6])
# PyTorch's trigamma has only nine digits.
unary("digamma", torch.digamma, lo=0.25, hi=4, extremes=[inf, nan, -1, -0.5, -3.25, 100, 1e6])
case("pointwise", "digamma", torch.digamma, [tensor([-0.5, -2.25])], types=FLOATS, note="negative")
unary("isInf", torch.isinf, extremes=[inf, -inf, nan, 0])

PAIRS = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (3,)), ((), (2,)), ((0, 3), (3,)), ((2, 2, 2), (2, 1, 2))]


def binary(op, function, extremes=None, lo=-2.0, hi=2.0, **kwargs):
    for a, b in PAIRS:
        case("pointwise", op, function, [values(*a, lo=lo, hi=hi), values(*b, lo=lo, hi=hi, seed=1)], **kwargs)
    if extremes:
        case(
            "pointwise",
            op,
            function,
            [tensor(extremes[0]), tensor(extremes[1])],
            types=FLOATS,
            grad=False,
            note="extremes",
        )


binary("atan2", torch.atan2, extremes= ([0, 0, 1, -1, inf, nan, 0.0], [1, -1, 0, 0, inf, 1, 0.0]))
binary("logAddExp", torch.logaddexp, ([inf, -inf, 1000, -1000, nan, 0], [inf, -inf, 999, -1001, 1, -inf]))
DIVISOR = tensor([0.75, -0.5, 1.25])
for op, function in [("remainder", torch.remainder), ("fmod", torch.fmod)]:
    case("pointwise", op, function, [values(2, 3), DIVISOR], differences=False)
    case("pointwise", op, function, [values(2, 1), DIVISOR], differences=False)
    case("pointwise", op, function, [values(0, 3), DIVISOR], differences=False)
    case("pointwise", op, function, [tensor([5, -5, 0, inf, nan]), tensor([3.0])], types=FLOATS, grad=False, note="signs")
    case("pointwise", op, function, [torch.tensor([7, -7, 6]), torch.tensor([[3], [-3]])], note="integers")

LOW, HIGH = tensor([-1.0, 0.5, 1.0]), tensor([1.0, 0.0, 1.5])
X = values(2, 3)
case("pointwise", "clampTensor", torch.clamp, [X, LOW, HIGH], differences=False)
case("pointwise", "clampTensor", lambda x, low, high: torch.clamp(x, min=low), [X, LOW, None], differences=False)
case("pointwise", "clampTensor", lambda x, low, high: torch.clamp(x, max=high), [X, None, HIGH], differences=False)
case("pointwise", "clampTensor", torch.clamp, [values(0, 3), LOW, HIGH])
case("pointwise", "clampTensor", torch.clamp, [values(2, 1), LOW, HIGH + 1], differences=False)
for a, b in [((2, 3), (3,)), ((2, 1), (3,)), ((0, 3), (3,))]:
    case("pointwise", "lerp", torch.lerp, [values(*a), values(*b, seed=1)], [0.25])
    case("pointwise", "lerpTensor", torch.lerp, [values(*a), values(*b, seed=1), values(3, lo=0, hi=1, seed=2)])
    case(
        "pointwise",
        "addcmul",
        lambda x, p, q, v: torch.addcmul(x, p, q, value=v),
        [values(*a), values(*b, seed=1), values(3, seed=2)],
        [0.5],
    )
    case(
        "pointwise",
        "addcdiv",
        lambda x, p, q, v: torch.addcdiv(x, p, q, value=v),
        [values(*a), values(*b, seed=1), values(3, lo=1, seed=2)],
        [0.5],
    )


def is_close(a, b, rtol, atol, equal_nan):
    return torch.isclose(a, b, rtol=rtol, atol=atol, equal_nan=bool(equal_nan))


A = tensor([1, 1, inf, inf, nan, 0, 3])
B = tensor([1.0625, 1.5, inf, -inf, nan, inf, 3])
for arguments in [(0.25, 0.0, 0), (0.0, 0.125, 1), (0.0, 0.0, 0)]:
    case("pointwise", "isClose", is_close, [A, B], arguments)
case("pointwise", "isClose", is_close, [torch.tensor([1, 2, 3]), torch.tensor([[1], [2]])], (0.25, 0.5, 0))
case("pointwise", "isClose", is_close, [values(0, 3), values(3)], (0.25, 0.5, 0))
MASK = torch.tensor([[True, False, True], [True, True, True]])
for op, function in [("anyOver", torch.any), ("allOver", torch.all)]:
    for mask in [MASK, ~MASK, torch.zeros(0, 3, dtype=torch.bool), MASK[:, :1]]:
        for dim in [0, 1]:
            case("pointwise", op, lambda x, d, k: function(x, int(d), bool(k)), [mask], [dim, dim])
