"""Scans, sorting and statistics."""

import torch

from reference import FLOATS, case, distinct, inf, nan, tensor, values

SHAPES = [((), 0), ((5,), 0), ((2, 3), 0), ((2, 3), -1), ((2, 3, 2), 1), ((1, 1), 0), ((0, 3), 0), ((3, 0), 0)]
INTS = torch.tensor([[3, 1, 2], [2, 2, -5]])


def along(op, function, args=(), data=values, shapes=SHAPES, extremes=(), ints=True, **kwargs):
    for shape, dim in shapes:
        case("sorting", op, function, [data(*shape)], [*args, dim], **kwargs)
    if ints:
        case("sorting", op, function, [INTS], [*args, 1], note="integers")
    if extremes:
        case("sorting", op, function, [tensor(list(extremes))], [*args, 0], types=FLOATS, grad=False, note="extremes")


def index(function):
    return lambda x, *args: function(x, *[int(a) for a in args])


along("cumsum", index(torch.cumsum), extremes=[1, inf, 2, nan, 3])
along("cumprod", index(torch.cumprod), extremes=[1, inf, 2, nan, 3])
case("sorting", "cumprod", index(torch.cumprod), [tensor([[2.0, 0, 3, 0, 1], [0, 1, 2, 3, 4]])], [1], note="zeros")
along("cummax", index(torch.cummax), data=distinct, extremes=[1, -inf, 2, 2, nan, 3, nan])
along("cummin", index(torch.cummin), data=distinct, extremes=[3, inf, 2, 2, nan, 1, nan])
for n in [0, 1, 2, 3]:
    case("sorting", "diff", lambda x, n, d: torch.diff(x, int(n), int(d)), [values(2, 3)], [n, 1])
case("sorting", "diff", lambda x, n, d: torch.diff(x, int(n), int(d)), [values(4, 1, 2)], [1, 0])
case("sorting", "diff", lambda x, n, d: torch.diff(x, int(n), int(d)), [values(0, 3)], [1, 1])
case("sorting", "diff", lambda x, n, d: torch.diff(x, int(n), int(d)), [INTS], [1, 1])


def sort(x, descending, dim):
    out = torch.sort(x, dim=int(dim), descending=bool(descending), stable=True)
    return out.values, out.indices


for descending in [0, 1]:
    along("sort", sort, [descending], data=distinct, extremes=[1, nan, -inf, inf, 0, 1, -0.0, nan, 0, -1])
    case("sorting", "sort", sort, [tensor([1.0, 2, 1, 2, 1, 0, 0])], [descending, 0], note="ties", differences=False)
    case("sorting", "sort", sort, [distinct(3, 40, seed=3, scale=0.0625)], [descending, 1], note="long", types=FLOATS)


def topk(x, k, largest, dim):
    out = torch.topk(x, int(k), dim=int(dim), largest=bool(largest), sorted=True)
    return out.values, out.indices


for largest in [0, 1]:
    for shape, dim, k in [((5,), 0, 2), ((2, 3), 0, 1), ((2, 3), 1, 3), ((2, 40), 1, 5), ((40, 2), 0, 3), ((1,), 0, 1)]:
        case("sorting", "topk", topk, [distinct(*shape, scale=0.0625)], [k, largest, dim])
    case("sorting", "topk", topk, [distinct(0, 3)], [2, largest, 1])
    case("sorting", "topk", topk, [INTS[:1]], [2, largest, 1])
    case("sorting", "topk", topk, [tensor([1, nan, inf, -inf, 3])], [3, largest, 0], types=FLOATS, grad=False)
for shape, dim, k in [((5,), 0, 2), ((2, 3), 0, 1), ((2, 3, 1), 1, 3)]:
    case("sorting", "kthValue", index(torch.kthvalue), [distinct(*shape)], [k, dim])
case("sorting", "kthValue", index(torch.kthvalue), [distinct(0, 3)], [1, 1])

NONEMPTY = [((5,), 0), ((2, 4), 0), ((2, 4), -1), ((2, 3, 2), 1), ((1, 1), 0), ((0, 3), 1)]
along("median", index(torch.median), data=distinct, shapes=NONEMPTY, ints=False)
case("sorting", "median", lambda x, d: torch.median(x, int(d)).values, [tensor([[1, nan, 2], [3, 1, 2]])], [1], types=FLOATS, grad=False, note="NaN")
for method in ["linear", "lower", "higher", "midpoint", "nearest"]:
    for q in [0.0, 0.3, 0.5, 1.0]:
        case(
            "sorting",
            "quantile",
            lambda x, q, dim, method: torch.quantile(x, q, dim, interpolation=method),
            [distinct(2, 4)],
            {"q": q, "dim": 1, "method": method},
        )
for shape, dim in [((5,), 0), ((3, 1, 2), 0)]:
    case(
        "sorting",
        "quantile",
        lambda x, q, dim, method: torch.quantile(x, q, dim, interpolation=method),
        [distinct(*shape)],
        {"q": 0.25, "dim": dim, "method": "linear"},
    )
case(
    "sorting",
    "quantile",
    lambda x, q, dim, method: torch.quantile(x, q, dim, interpolation=method),
    [tensor([[1, nan, 2], [3, 1, 2]])],
    {"q": 0.5, "dim": 1, "method": "linear"},
    types=FLOATS,
    grad=False,
    note="NaN",
)
for shape in [(5,), (2, 3), (1, 2)]:
    for correction in [0, 1]:
        case(
            "sorting",
            "std",
            lambda x, correction, dim: torch.std(x, dim=int(dim), unbiased=bool(correction)),
            [values(*shape)],
            [correction, -1],
        )
case("sorting", "std", lambda x, correction, dim: torch.std(x, dim=int(dim), unbiased=bool(correction)), [values(0, 3)], [1, 1])
case("sorting", "std", lambda x, correction, dim: torch.std(x, dim=int(dim), unbiased=bool(correction)), [tensor([[1.0, 1, 1], [1, 2, 3]])], [1, 1], note="no spread", differences=False)
for data in [tensor([[0.0, 1, nan], [0, 0, 2]]), INTS, torch.tensor([[True, False, True]]), torch.zeros(0, 3)]:
    case("sorting", "countNonzero", lambda x, d: torch.count_nonzero(x, int(d)), [data.double() if data.numel() == 0 else data], [1])
for data in [torch.tensor([1, 1, 3, 0]), torch.zeros(0, dtype=torch.int64), torch.tensor([2])]:
    for least in [0, 6]:
        case("sorting", "bincount", lambda x, m: torch.bincount(x, minlength=int(m)), [data], [least], types=["I64"])
    case("sorting", "bincountWeighted", lambda x, w, m: torch.bincount(x, w, minlength=int(m)).double(), [data, values(data.numel())], [0], grad=False)
for low, high in [(0, 0), (-1, 1), (0, 1.5)]:
    case("sorting", "histogram", lambda x, bins, low, high: torch.histc(x, int(bins), low, high), [values(2, 7)], [4, low, high], grad=False)
case("sorting", "histogram", lambda x, bins, low, high: torch.histc(x, int(bins), low, high), [values(0)], [4, 0, 1], grad=False)
case("sorting", "histogram", lambda x, bins, low, high: torch.histc(x, int(bins), low, high), [values(1)], [3, 0, 0], grad=False)
for data in [tensor([[2.0, 1, 2], [-1, 1, 1]]), INTS, values(0), values(1), tensor([0.0, -0.0, inf, -inf])]:
    case("sorting", "unique", lambda x: torch.unique(x, return_inverse=True, return_counts=True), [data], grad=False)
