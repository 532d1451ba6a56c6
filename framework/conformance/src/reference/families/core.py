"""The operators that everything else is made of."""

import math

import torch
import torch.nn.functional as F

from reference import FLOATS, case, inf, nan, tensor, values

SHAPES = [(), (1,), (5,), (2, 3), (1, 1), (0, 3), (2, 1, 4), (2, 3, 2, 2)]
PAIRS = [
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 3), (2, 1)),
    ((2, 1), (2, 3)),
    ((2, 1, 4), (3, 1)),
    ((2, 3), ()),
    ((), (2, 3)),
    ((), ()),
    ((1,), (1,)),
    ((1, 1), (3,)),
    ((2, 3, 4), (2, 1, 4)),
    ((2, 3, 4), (1, 3, 1)),
    ((2, 3, 2, 2), (3, 1, 2)),
    ((0, 3), (3,)),
    ((0, 3), (1, 1)),
    ((2, 0), (2, 1)),
]


# ---------------------------------------------------------------- element-wise


# Where inputs are at their steps, differences tell nothing.
STEPS = ["floor", "ceil", "round"]


def unary(op, function, lo=-2.0, hi=2.0, extremes=(), types=None, family="elementwise"):
    for shape in SHAPES:
        case(family, op, function, [values(*shape, lo=lo, hi=hi)], types=types, differences=op not in STEPS)
    if extremes:
        case(family, op, function, [tensor(list(extremes))], types=FLOATS, note="extremes", differences=False)


unary("abs", torch.abs, extremes=[0, -inf, inf, nan, -1e30])
unary("sign", torch.sign, extremes=[0, -inf, inf, -1e-30, 1e30])
unary("square", torch.square, extremes=[0, inf, -inf, nan])
unary("exp", torch.exp, extremes=[-inf, inf, nan, -200, 0, 10, -30])
unary("expm1", torch.expm1, extremes=[-inf, inf, nan, -200, 0, 1e-4, -1e-6, 10])
unary("log", torch.log, lo=0.25, hi=4, extremes=[0, inf, nan, 1, 1e-20, 1e20])
unary("log1p", torch.log1p, lo=-0.5, hi=4, extremes=[-1, inf, nan, 0, 1e-4, 1e-10])
unary("sqrt", torch.sqrt, lo=0.25, hi=4, extremes=[0, inf, nan, 1e-20, 1e20])
unary("rsqrt", torch.rsqrt, lo=0.25, hi=4, extremes=[inf, nan, 1e-10, 1e10])
unary("reciprocal", torch.reciprocal, lo=0.25, hi=4, extremes=[inf, nan, -1e-10, 1e10])
unary("sin", torch.sin, extremes=[nan, 0, 10, -30, 100])
unary("cos", torch.cos, extremes=[nan, 0, 10, -30, 100])
unary("tanh", torch.tanh, extremes=[-100, 100, inf, -inf, nan, 0, 1e-4, -1e-6, 9])
unary("sigmoid", torch.sigmoid, extremes=[-100, 100, inf, -inf, nan, 0, 20, -20])
unary("erf", torch.erf, extremes=[-100, 100, inf, -inf, nan, 0, 1e-4, 0.5, 1.5, 2.5, 3.5, -4.5])
unary("floor", torch.floor, extremes=[-0.5, 2.0, -2.0, inf, nan, 0.999999])
unary("ceil", torch.ceil, extremes=[-0.5, 2.0, -2.0, inf, nan, 0.000001])
unary("round", torch.round, extremes=[0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999, inf, nan, 1e6])
unary("relu", torch.relu, extremes=[0, nan, inf, -inf, -1e-30, 1e-30])
unary("gelu", F.gelu, extremes=[-100, 100, 0, nan, -5, 5, 3])
unary(
    "geluTanh",
    lambda x: F.gelu(x, approximate="tanh"),
    extremes=[-100, 100, 0, nan, -5, 5, 3],
)
unary("neg", torch.neg, extremes=[inf, nan, 0])
unary("isNan", torch.isnan, extremes=[inf, -inf, nan, 0])
unary("isFinite", torch.isfinite, extremes=[inf, -inf, nan, 0])
for shape in SHAPES:
    case("elementwise", "addScalar", lambda x, s: x + s, [values(*shape)], [1.5])
    case("elementwise", "subScalar", lambda x, s: x - s, [values(*shape)], [0.25])
    case("elementwise", "mulScalar", lambda x, s: x * s, [values(*shape)], [-2.5])
    case("elementwise", "divScalar", lambda x, s: x / s, [values(*shape)], [-4.0])
    case("elementwise", "powScalar", torch.pow, [values(*shape)], [2.0])
    case("elementwise", "clamp", torch.clamp, [values(*shape)], [-0.53125, 1.03125])
for exponent in [0.0, 1.0, 2.0, 3.0, -1.0, 0.5, -2.0]:
    data = [0.5, 1, 2, 3] if exponent != int(exponent) or exponent < 0 else [-2, -0.5, 0, 1, 3]
    case("elementwise", "powScalar", torch.pow, [tensor(data).double()], [exponent])
case("elementwise", "clamp", torch.clamp, [tensor([nan, -inf, inf, -1, 1, 0])], [-1.0, 1.0], types=FLOATS, note="extremes", differences=False)
case("elementwise", "clamp", torch.clamp, [tensor([-3.0, 3.0, nan])], [-inf, 1.0], types=FLOATS, note="open", differences=False)

BINARY = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
}
COMPARE = {"eq": torch.eq, "ne": torch.ne, "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge}
for a, b in PAIRS:
    for op, function in BINARY.items():
        case("binary", op, function, [values(*a), values(*b, lo=0.25, seed=1)])
    case("binary", "pow", torch.pow, [values(*a, lo=0.25), values(*b, seed=1)])
    for op, function in COMPARE.items():
        case("binary", op, function, [values(*a, lo=-0.25, hi=0.25), values(*b, lo=-0.25, hi=0.25, seed=1)])
TIES = [tensor([1.0, 2.0, -3.0, 0.0, 0.0]), tensor([1.0, -2.0, 3.0, 0.0, -0.0])]
STRANGE = [
    tensor([nan, 1.0, nan, inf, -inf, inf, 0.0, 1.0, -1.0]),
    tensor([1.0, nan, nan, inf, inf, 1.0, 0.0, 0.0, 0.0]),
]
for op in ["maximum", "minimum"]:
    case("binary", op, BINARY[op], TIES, note="ties", differences=False)
for op in ["add", "sub", "mul", "div", "maximum", "minimum"]:
    # Which of the two gets the gradient where one is NaN is of no use to anybody.
    case("binary", op, BINARY[op], STRANGE, types=FLOATS, grad=op in ("add", "sub", "mul"), note="extremes", differences=False)
for op, function in COMPARE.items():
    case("binary", op, function, STRANGE, types=FLOATS, note="extremes", differences=False)
case("binary", "pow", torch.pow, [tensor([0.0, 0.0, 2.0, 1.0, 0.0]), tensor([0.0, 2.0, 0.0, -3.0, 1.0])], note="zeros")
case("binary", "pow", torch.pow, [tensor([-2.0, -2.0, -0.5]), tensor([2.0, 3.0, -1.0])], grad=False, note="negative base")
for a, b in PAIRS:
    yes = values(*a) > 0
    no = values(*b, seed=1) > 0
    case("binary", "logicalAnd", torch.logical_and, [yes, no])
    case("binary", "logicalOr", torch.logical_or, [yes, no])
    case("binary", "logicalXor", torch.logical_xor, [yes, no])
    case("binary", "eq", torch.eq, [yes, no])
    case("binary", "ne", torch.ne, [yes, no])
for shape in SHAPES:
    case("binary", "logicalNot", torch.logical_not, [values(*shape) > 0])
LONGS = [tensor([7, -7, 7, -7, 0, 5, 1 << 40], torch.int64), tensor([2, 2, -2, -2, 3, 5, 3], torch.int64)]
for op in ["add", "sub", "mul", "maximum", "minimum"]:
    case("binary", op, BINARY[op], LONGS, note="integers")
case("binary", "div", lambda a, b: torch.div(a, b, rounding_mode="trunc"), LONGS, note="integers")
for op, function in COMPARE.items():
    case("binary", op, function, LONGS, note="integers")
for a, b in [((2, 3), (3,)), ((2, 1), (2, 3)), ((), (3,))]:
    case("binary", "add", torch.add, [(values(*a) * 4).long(), (values(*b, seed=1) * 4).long()], note="integers")
    case("binary", "mul", torch.mul, [(values(*a) * 4).long(), (values(*b, seed=1) * 4).long()], note="integers")
for op, function in [("abs", torch.abs), ("sign", torch.sign), ("square", torch.square), ("neg", torch.neg), ("relu", torch.relu)]:
    case("elementwise", op, function, [tensor([-3, 0, 5, 1 << 40], torch.int64)] if op != "square" else [tensor([-3, 0, 5], torch.int64)], note="integers")
case("elementwise", "addScalar", lambda x, s: x + int(s), [tensor([-3, 0, 1 << 40], torch.int64)], [3.0], note="integers")
case("elementwise", "mulScalar", lambda x, s: x * int(s), [tensor([-3, 0, 1 << 40], torch.int64)], [-3.0], note="integers")
case("elementwise", "clamp", lambda x, a, b: torch.clamp(x, int(a), int(b)), [tensor([-9, 0, 9], torch.int64)], [-2.0, 3.0], note="integers")

# ---------------------------------------------------------------- reductions

DIMS = [
    ((), []),
    ((1,), [0]),
    ((5,), [0]),
    ((2, 3), [0]),
    ((2, 3), [1]),
    ((2, 3), [-1]),
    ((2, 3), [0, 1]),
    ((1, 3), [0]),
    ((3, 1), [1]),
    ((1, 1), [0, 1]),
    ((2, 3, 4), [1]),
    ((2, 3, 4), [0, 2]),
    ((2, 1, 4), [1]),
    ((2, 1, 4), [0, 1]),
    ((2, 3, 2, 2), [1, 2]),
    ((2, 3, 2, 2), [0, 3]),
    ((2, 3, 2, 2), [-1]),
    ((0, 3), [0]),
    ((0, 3), [1]),
    ((2, 0), [1]),
]
ALL_SHAPES = [(), (1,), (5,), (2, 3), (1, 1), (2, 3, 4), (2, 3, 2, 2)]


def empty_along(shape, dims):
    return any(shape[d] == 0 for d in dims)


for shape in ALL_SHAPES + [(0, 3)]:
    case("reductions", "sumAll", torch.sum, [values(*shape)])
    if shape != (0, 3):
        case("reductions", "meanAll", torch.mean, [values(*shape)])
        case("reductions", "maxAll", lambda x: torch.amax(x), [values(*shape)])
        case("reductions", "minAll", lambda x: torch.amin(x), [values(*shape)])
    case("reductions", "prodAll", torch.prod, [values(*shape, lo=0.5)])
    case("reductions", "any", torch.any, [values(*shape) > 1.5])
    case("reductions", "all", torch.all, [values(*shape) > -1.9])
case("reductions", "any", torch.any, [torch.zeros(3, dtype=torch.bool)])
case("reductions", "any", torch.any, [torch.tensor([False, False, True])])
case("reductions", "all", torch.all, [torch.tensor([True, True, False])])
case("reductions", "all", torch.all, [torch.ones(3, dtype=torch.bool)])
for shape, dims in DIMS:
    if not dims:
        continue
    for keep in [0, 1]:
        case("reductions", "sum", lambda x, k, *d: torch.sum(x, d, bool(k)), [values(*shape)], [keep, *dims])
        if not empty_along(shape, dims):
            case("reductions", "mean", lambda x, k, *d: torch.mean(x, d, bool(k)), [values(*shape)], [keep, *dims])
            case("reductions", "max", lambda x, k, *d: torch.amax(x, d, bool(k)), [values(*shape)], [keep, *dims])
            case("reductions", "min", lambda x, k, *d: torch.amin(x, d, bool(k)), [values(*shape)], [keep, *dims])
            case("reductions", "variance0", lambda x, k, *d: torch.var(x, d, False, bool(k)), [values(*shape)], [keep, *dims])
            if math.prod(shape[d] for d in dims) > 1:
                case("reductions", "variance1", lambda x, k, *d: torch.var(x, d, True, bool(k)), [values(*shape)], [keep, *dims])
        if len(dims) == 1:
            case("reductions", "logSumExp", lambda x, d, k: torch.logsumexp(x, d, bool(k)), [values(*shape)], [dims[0], keep])
    if len(dims) == 1 and not empty_along(shape, dims):
        case("reductions", "argmax", torch.argmax, [values(*shape)], dims)
        case("reductions", "argmin", torch.argmin, [values(*shape)], dims)
TIED = tensor([[1.0, 3.0, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0], [0.0, -0.0, -1.0, -1.0]])
for d in [0, 1]:
    case("reductions", "max", lambda x, k, *d: torch.amax(x, d, bool(k)), [TIED], [0, d], note="ties", differences=False)
    case("reductions", "min", lambda x, k, *d: torch.amin(x, d, bool(k)), [TIED], [0, d], note="ties", differences=False)
case("reductions", "maxAll", lambda x: torch.amax(x), [TIED], note="ties", differences=False)
# The first of equal elements, which torch does not promise.
case("reductions", "argmax", lambda x, d: tensor([1, 0, 0], torch.int64), [TIED], [1], note="ties", differences=False)
case("reductions", "argmin", lambda x, d: tensor([3, 0, 2], torch.int64), [TIED], [1], note="ties", differences=False)
NANS = tensor([[1.0, nan, 3.0], [inf, -inf, 0.0], [-inf, -inf, -inf], [2.0, 3.0, nan]])
case("reductions", "max", lambda x, k, *d: torch.amax(x, d, bool(k)), [NANS], [0, 1], types=FLOATS, grad=False, note="extremes", differences=False)
case("reductions", "min", lambda x, k, *d: torch.amin(x, d, bool(k)), [NANS], [0, 1], types=FLOATS, grad=False, note="extremes", differences=False)
case("reductions", "sum", lambda x, k, *d: torch.sum(x, d, bool(k)), [NANS], [0, 1], types=FLOATS, note="extremes", differences=False)
case("reductions", "argmax", torch.argmax, [NANS], [1], types=FLOATS, note="extremes", differences=False)
case("reductions", "argmin", torch.argmin, [NANS[:1]], [1], types=FLOATS, note="extremes", differences=False)
for data in [[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [-inf, 0, 1], [inf, 0, 1], [nan, 0, 1]]:
    case("reductions", "logSumExp", lambda x, d, k: torch.logsumexp(x, d, bool(k)), [tensor(data).double()], [0, 0], types=FLOATS, grad=not math.isinf(max(map(abs, data))), note="extremes", differences=False)
case("reductions", "logSumExp", lambda x, d, k: torch.logsumexp(x, d, bool(k)), [tensor([-inf, -inf])], [0, 0], types=FLOATS, grad=False, note="all -inf")
for data in [[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [-1.0, 2.0, 0.5]]:
    case("reductions", "prodAll", torch.prod, [tensor(data)])
LONG = (values(2, 3) * 4).long()
case("reductions", "sumAll", torch.sum, [LONG], note="integers")
case("reductions", "sumAll", torch.sum, [tensor([1 << 40, 1, 1 << 53], torch.int64)], note="large integers")
case("reductions", "sum", lambda x, k, *d: torch.sum(x, d, bool(k)), [LONG], [0, 1], note="integers")
case("reductions", "sum", lambda x, k, *d: torch.sum(x, d, bool(k)), [LONG], [1, 0], note="integers")
case("reductions", "maxAll", lambda x: torch.amax(x), [LONG], note="integers")
case("reductions", "min", lambda x, k, *d: torch.amin(x, d, bool(k)), [LONG], [0, 1], note="integers")
case("reductions", "prodAll", torch.prod, [LONG], note="integers")
case("reductions", "argmax", torch.argmax, [LONG], [1], note="integers")

# ---------------------------------------------------------------- softmax and losses

for shape, dim in [((1,), 0), ((5,), 0), ((2, 3), 1), ((2, 3), 0), ((2, 3, 4), 1), ((2, 3, 4), -1), ((2, 3, 2, 2), 1), ((3, 1), 1), ((1, 3), 0), ((0, 3), 1), ((2, 0), 1)]:
    case("softmax", "softmax", torch.softmax, [values(*shape)], [dim])
    case("softmax", "logSoftmax", torch.log_softmax, [values(*shape)], [dim])
EXTREMES = [[1e4, -1e4, 0, 9999], [-1e4, -1e4, -1e4, -1e4], [-inf, 0, 1, -inf], [100, 100, -100, 0]]
for rows in EXTREMES:
    case("softmax", "softmax", torch.softmax, [tensor([rows]).double()], [1], types=FLOATS, note=f"extremes {rows}", differences=False)
    case("softmax", "logSoftmax", torch.log_softmax, [tensor([rows]).double()], [1], types=FLOATS, note=f"extremes {rows}", differences=False)
    case("softmax", "softmax", torch.softmax, [tensor([rows]).double().t()], [0], types=FLOATS, note=f"extremes {rows}", differences=False)
case("softmax", "softmax", torch.softmax, [tensor([[nan, 1.0, 2.0], [0.0, 1.0, 2.0]])], [1], types=FLOATS, note="NaN", differences=False)
for n, c in [(1, 1), (1, 3), (4, 3), (3, 10), (5, 1), (0, 3)]:
    labels = torch.arange(n) * 7 % c
    case("softmax", "crossEntropy", F.cross_entropy, [values(n, c), labels])
case("softmax", "crossEntropy", F.cross_entropy, [tensor([[1e4, -1e4, 0], [-1e4, 1e4, 0], [5, 6, 7]]).double(), tensor([0, 0, 2], torch.int64)], types=FLOATS, note="extremes", differences=False)
case("softmax", "crossEntropy", F.cross_entropy, [tensor([[-inf, 1.0, 2.0], [0.0, -inf, 1.0]]), tensor([1, 0], torch.int64)], types=FLOATS, note="-inf elsewhere")
case("softmax", "crossEntropy", F.cross_entropy, [tensor([[nan, 1.0], [0.0, 1.0]]), tensor([1, 0], torch.int64)], types=FLOATS, grad=False, note="NaN", differences=False)
for shape in SHAPES:
    case("softmax", "mse", F.mse_loss, [values(*shape), values(*shape, seed=3)])
for shape, normalized in [((2, 3), (3,)), ((2, 3, 4), (4,)), ((2, 3, 4), (3, 4)), ((5,), (5,)), ((3, 1), (1,)), ((2, 3, 2, 2), (2, 2)), ((0, 3), (3,))]:
    for parts in ["", "W", "B", "WB"]:
        inputs = [values(*shape)]
        if "W" in parts:
            inputs.append(values(*normalized, lo=0.5, seed=1))
        if "B" in parts:
            inputs.append(values(*normalized, seed=2))

        def layer_norm(x, *rest):
            rest = list(rest)
            count = len(normalized)
            dims, tensors = rest[-count:], rest[:-count]
            w = tensors.pop(0) if "W" in parts else None
            b = tensors.pop(0) if "B" in parts else None
            return F.layer_norm(x, dims, w, b, 1e-3)

        case("softmax", "layerNorm" + parts, layer_norm, inputs, list(normalized))

# ---------------------------------------------------------------- products

for a, b in [
    ((2, 3), (3, 4)), ((1, 1), (1, 1)), ((1, 3), (3, 1)), ((3, 1), (1, 4)), ((5, 7), (7, 3)),
    ((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((4, 2, 3), (3, 5)), ((4, 2, 3), (4, 3, 5)),
    ((2, 3), (4, 3, 2)), ((1, 2, 3), (4, 3, 2)), ((4, 2, 3), (1, 3, 2)), ((2, 1, 2, 3), (3, 3, 2)),
    ((2, 3, 2, 2), (2, 3, 2, 1)), ((4, 2, 3), (3,)), ((3,), (4, 3, 2)), ((0, 3), (3, 2)), ((2, 0), (0, 3)),
    ((2, 3), (3, 0)), ((0, 2, 3), (0, 3, 2)), ((2, 2, 0), (2, 0, 3)), ((1, 4), (4, 1)),
]:
    case("products", "matmul", torch.matmul, [values(*a), values(*b, seed=1)])
    if len(a) == len(b) == 2:
        case("products", "matmulOfTransposed", lambda x, y: torch.matmul(x.t(), y.t()), [values(a[1], a[0]), values(b[1], b[0], seed=1)])
for x, w in [((2, 3), (4, 3)), ((1, 1), (1, 1)), ((3,), (2, 3)), ((2, 3, 4), (5, 4)), ((0, 3), (2, 3)), ((7, 1), (2, 1)), ((2, 0), (3, 0)), ((2, 2, 2, 3), (1, 3))]:
    case("products", "linear", F.linear, [values(*x), values(*w, seed=1)])
    case("products", "linearBias", F.linear, [values(*x), values(*w, seed=1), values(w[0], seed=2)])

# ---------------------------------------------------------------- shape


def reshape(x, *sizes):
    return x.reshape(sizes)


for shape, target in [((), (1,)), ((), ()), ((1,), ()), ((2, 3), (3, 2)), ((2, 3), (6,)), ((2, 3), (-1, 2)), ((0, 3), (3, 0)), ((2, 3, 4), (4, -1)), ((2, 3, 2, 2), (6, 4))]:
    case("shaping", "reshape", reshape, [values(*shape)], target)
for shape, args in [((2, 3, 4), (0, 1)), ((2, 3, 4), (1, -1)), ((2, 3, 4), (0, -1)), ((5,), (0, 0)), ((0, 3), (0, 1)), ((2, 1, 3), (1, 2))]:
    case("shaping", "flatten", torch.flatten, [values(*shape)], args)
for shape, args in [((2, 3), (0, 1)), ((2, 3, 4), (0, 2)), ((2, 3, 4), (-1, -2)), ((2, 3, 2, 2), (1, 3)), ((0, 3), (0, 1)), ((5,), (0, 0)), ((2, 1), (0, 1))]:
    case("shaping", "transpose", torch.transpose, [values(*shape)], args)
for shape, order in [((2, 3, 4), (2, 0, 1)), ((2, 3, 4), (1, 2, 0)), ((2, 3), (1, 0)), ((2, 3, 2, 2), (3, 1, 0, 2)), ((2, 3), (-1, 0)), ((0, 3), (1, 0)), ((2, 1, 3), (1, 2, 0))]:
    case("shaping", "permute", lambda x, *d: x.permute(d), [values(*shape)], order)
for shape, dim in [((1,), 0), ((2, 1, 4), 1), ((2, 1), -1), ((1, 1), 0), ((1, 0), 0)]:
    case("shaping", "squeeze", torch.squeeze, [values(*shape)], [dim])
for shape, dim in [((), 0), ((3,), 0), ((3,), 1), ((2, 3), -1), ((2, 3), -3), ((0, 3), 1), ((1, 2), 0)]:
    case("shaping", "unsqueeze", torch.unsqueeze, [values(*shape)], [dim])
for shape, sizes in [((), (2, 3)), ((1,), (4,)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 1, 4), (2, 3, 4)), ((2, 3), (2, 3)), ((1, 3), (0, 3)), ((0, 1), (0, 3))]:
    case("shaping", "expand", lambda x, *s: x.expand(s), [values(*shape)], sizes)
    case("shaping", "expandPlusOne", lambda x, *s: x.expand(s) + 1, [values(*shape)], sizes)
for shape, (dim, start, end, step) in [((5,), (0, 1, 4, 1)), ((5,), (0, 0, 5, 2)), ((5,), (0, -3, -1, 1)), ((2, 6), (1, 1, 6, 3)), ((4, 3), (0, 2, 4, 1)), ((4, 3), (-1, 0, 2, 1)), ((5,), (0, 2, 2, 1)), ((2, 3, 4), (1, 1, 3, 1)), ((0, 3), (1, 0, 2, 1)), ((1, 3), (1, 1, 3, 1))]:
    def cut(x, dim, start, end, step):
        at = [slice(None)] * x.dim()
        at[dim] = slice(start, end, step)
        return x[tuple(at)]

    case("shaping", "slice", cut, [values(*shape)], [dim, start, end, step])
    case("shaping", "sliceSquared", lambda *a: cut(*a) ** 2, [values(*shape)], [dim, start, end, step])
for shape, args in [((5,), (0, 2)), ((2, 3), (0, 1)), ((2, 3), (1, -1)), ((2, 3, 4), (1, 0)), ((1, 1), (0, 0)), ((0, 3), (1, 2))]:
    case("shaping", "select", torch.select, [values(*shape)], args)
    case("shaping", "selectSquared", lambda *a: torch.select(*a) ** 2, [values(*shape)], args)
for shapes, dim in [([(2,), (3,)], 0), ([(2, 3), (1, 3)], 0), ([(2, 3), (2, 1), (2, 2)], 1), ([(2, 3), (2, 2)], -1), ([(2, 3)], 0), ([(0, 3), (2, 3)], 0), ([(2, 1, 2), (2, 3, 2)], 1)]:
    case("shaping", "concat", lambda *a: torch.cat(a[:-1], a[-1]), [values(*s, seed=i) for i, s in enumerate(shapes)], [dim])
for shape, count, dim in [((), 3, 0), ((3,), 2, 0), ((3,), 2, 1), ((2, 3), 3, -1), ((2, 3), 2, 1), ((0, 3), 2, 0), ((1, 2), 2, 1)]:
    case("shaping", "stack", lambda *a: torch.stack(a[:-1], a[-1]), [values(*shape, seed=i) for i in range(count)], [dim])
case("shaping", "transpose", torch.transpose, [LONG], [0, 1], note="integers")
case("shaping", "concat", lambda *a: torch.cat(a[:-1], a[-1]), [LONG, LONG], [1], note="integers")
case("shaping", "transpose", torch.transpose, [LONG > 0], [0, 1], note="booleans")

# ---------------------------------------------------------------- indexing

WHERE = [((2, 3), (2, 3), (2, 3)), ((3,), (2, 3), (2, 1)), ((2, 1), (3,), ()), ((), (2, 3), (2, 3)), ((), (), ()), ((2, 3, 4), (), ()), ((0, 3), (3,), (1, 1)), ((1,), (1,), (1,))]
for c, a, b in WHERE:
    case("indexing", "where", torch.where, [values(*c) > 0, values(*a, seed=1), values(*b, seed=2)])
case("indexing", "where", torch.where, [tensor([True, False, True], torch.bool), tensor([1.0, nan, inf]), tensor([nan, 2.0, -inf])], types=FLOATS, note="extremes", differences=False)
case("indexing", "where", torch.where, [LONG > 0, LONG, -LONG], note="integers")
for shape, mask in [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3, 4), (2, 1, 4)), ((), ()), ((5,), ()), ((0, 3), (3,))]:
    case("indexing", "maskedFill", lambda x, m, v: x.masked_fill(m, v), [values(*shape), values(*mask, seed=1) > 0], [-1.5])
case("indexing", "maskedFill", lambda x, m, v: x.masked_fill(m, v), [tensor([1.0, 2.0]), tensor([True, False], torch.bool)], [-inf], types=FLOATS, note="-inf", differences=False)
for shape, dim, index in [((5,), 0, [4, 0, 0]), ((2, 3), 1, [[0, 2], [1, 1]]), ((2, 3), 0, [[0, 1, 0]]), ((2, 3), -1, [[2], [0]]), ((2, 3, 2), 1, [[[0, 2]], [[1, 1]]]), ((3, 1), 0, [[2], [2], [2], [0]]), ((2, 3), 1, [[], []])]:
    case("indexing", "gather", lambda x, i, d: torch.gather(x, d, i), [values(*shape), tensor(index, torch.int64)], [dim])
for shape, dim, index in [((5,), 0, [4, 0, 0]), ((2, 3), 1, [0, 2, 2, 1]), ((2, 3), 0, [1]), ((2, 3, 4), 1, [2, 0]), ((2, 3, 4), -1, [3, 3, 0]), ((1, 1), 0, [0, 0]), ((2, 3), 0, [])]:
    case("indexing", "indexSelect", lambda x, i, d: torch.index_select(x, d, i), [values(*shape), tensor(index, torch.int64)], [dim])
case("indexing", "gather", lambda x, i, d: torch.gather(x, d, i), [LONG, tensor([[0, 2], [1, 1]], torch.int64)], [1], note="integers", types=["I64"])
case("indexing", "indexSelect", lambda x, i, d: torch.index_select(x, d, i), [LONG, tensor([1, 1, 0], torch.int64)], [1], note="integers", types=["I64"])
