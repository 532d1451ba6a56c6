"""Picking and writing by index and mask, and rearranging."""

import torch

from reference import case, distinct, tensor, values

I64 = torch.int64


def indices(*shape, below, seed=0):
    n = 1
    for size in shape:
        n *= size
    return torch.tensor([(i * 7 + seed * 3 + 1) % below for i in range(n)], dtype=I64).reshape(shape)


MASK = torch.tensor([[True, False, True], [False, True, True]])
case("selection", "takeAlong", lambda x, i, d: torch.take_along_dim(x, i, int(d)), [values(2, 3), indices(1, 2, below=3)], [1])
case("selection", "takeAlong", lambda x, i, d: torch.take_along_dim(x, i, int(d)), [values(1, 3), indices(4, 2, below=3)], [1])
case("selection", "takeAlong", lambda x, i, d: torch.take_along_dim(x, i, int(d)), [values(3, 2), indices(0, 2, below=3)], [0])
for shape, picked in [((4,), [(3,)]), ((3, 4), [(2,), (2,)]), ((3, 4, 2), [(2, 1), (3,)]), ((3, 2), [(2, 2)]), ((3, 1), [(0,)])]:
    where = [indices(*s, below=shape[i], seed=i) for i, s in enumerate(picked)]
    case("selection", "index", lambda x, *i: x[tuple(i)], [values(*shape), *where])
    result = values(*shape)[tuple(where)].shape
    distinct_places = torch.unique(sum(w * (10**i) for i, w in enumerate(where))).numel() == result[: len(result) - len(shape) + len(where)].numel()
    for accumulate in [0, 1]:
        if accumulate or distinct_places:
            case(
                "selection",
                "indexPut",
                lambda x, v, *rest: x.index_put(tuple(rest[:-1]), v, accumulate=bool(rest[-1])),
                [values(*shape), values(*result, seed=1), *where],
                [accumulate],
            )
case("selection", "indexPut", lambda x, v, i, a: x.index_put((i,), v, accumulate=bool(a)), [values(3, 2), values(seed=1), torch.tensor([0, 2])], [1])
for x, mask in [(values(2, 3), MASK), (values(3), MASK), (values(2, 1), MASK), (values(2, 3), MASK & False), (values(0, 3), MASK[:0])]:
    case("selection", "maskedSelect", torch.masked_select, [x, mask])
for x in [values(2, 3).round(), MASK, torch.tensor([0, 3, 1]), tensor(2.0), values(0, 2), torch.zeros(1, 2, dtype=I64)]:
    case("selection", "nonzero", torch.nonzero, [x])
for x, n in [(torch.tensor([1, 0, 2]), 3), (torch.tensor([[1], [0]]), 4), (torch.tensor(1), 2), (torch.zeros(0, 2, dtype=I64), 3)]:
    case("selection", "oneHot", lambda x, n: torch.nn.functional.one_hot(x, int(n)), [x], [n], types=["I64"])

ROWS = torch.tensor([[0, 2, 1], [1, 0, 2]])
TWICE = torch.tensor([[0, 0, 2], [1, 1, 1]])
case("selection", "scatter", lambda x, i, s, d: x.scatter(int(d), i, s), [values(2, 3), ROWS, values(2, 3, seed=1)], [1])
case("selection", "scatter", lambda x, i, s, d: x.scatter(int(d), i, s[:, :2]), [values(2, 4), ROWS[:, :2], values(2, 3, seed=1)], [1])
case("selection", "scatter", lambda x, i, s, d: x.scatter(int(d), i, s), [values(3, 1), torch.tensor([[2], [0]]), values(2, 1, seed=1)], [0])
case("selection", "scatter", lambda x, i, s, d: x.scatter(int(d), i, s), [values(2, 3), ROWS[:, :0], values(2, 0)], [1])
case("selection", "scatterValue", lambda x, i, d, v: x.scatter(int(d), i, v), [values(2, 3), TWICE], [1, 1.5])
case("selection", "scatterValue", lambda x, i, d, v: x.scatter(int(d), i, v), [values(1, 3), TWICE[:0]], [0, 1.5])
for x, i, s, d in [
    (values(2, 3), TWICE, values(2, 3, seed=1), 1),
    (values(4, 3), ROWS, values(2, 3, seed=1), 0),
    (values(2, 1), TWICE[:, :1], values(2, 1, seed=1), 0),
    (values(2, 3), ROWS[:0], values(0, 3), 1),
]:
    case("selection", "scatterAdd", lambda x, i, s, d: x.scatter_add(int(d), i, s), [x, i, s], [d])
for reduction, theirs in [("SUM", "sum"), ("MEAN", "mean"), ("PRODUCT", "prod"), ("MAX", "amax"), ("MIN", "amin")]:
    for own in [True, False]:
        for x, i, s in [
            (distinct(2, 3), TWICE, distinct(2, 3, seed=1) + 0.0625),
            (distinct(2, 1), TWICE[:, :1] * 0, distinct(2, 1, seed=1) + 0.0625),
            (distinct(2, 3), TWICE[:0], distinct(0, 3)),
        ]:
            case(
                "selection",
                "scatterReduce",
                lambda x, i, s, reduction, own: x.scatter_reduce(1, i, s, dict(SUM="sum", MEAN="mean", PRODUCT="prod", MAX="amax", MIN="amin")[reduction], include_self=own),
                [x, i, s],
                {"reduction": reduction, "own": own},
            )
for zeros in [[[1.0, 0, 2], [3, 0, 0]], [[0.0, 2, 2], [3, 2, 0]]]:
    case(
        "selection",
        "scatterReduce",
        lambda x, i, s, reduction, own: x.scatter_reduce(1, i, s, "prod", include_self=own),
        [distinct(2, 3) + 0.5, TWICE, tensor(zeros)],
        {"reduction": "PRODUCT", "own": True},
        note="zeros",
    )
ints = torch.tensor([[5, 6, 7], [8, 9, 4]])
for reduction, theirs in [("MAX", "amax"), ("MIN", "amin"), ("SUM", "sum")]:
    for own in [True, False]:
        case(
            "selection",
            "scatterReduce",
            lambda x, i, s, reduction, own: x.scatter_reduce(1, i, s, dict(SUM="sum", MAX="amax", MIN="amin")[reduction], include_self=own),
            [ints, TWICE, ints - 3],
            {"reduction": reduction, "own": own},
            types=["I64"],
        )

PICK = torch.tensor([2, 0])
for x, i, s, d in [
    (values(3, 2), PICK, values(2, 2, seed=1), 0),
    (values(2, 3), PICK, values(2, 2, seed=1), 1),
    (values(1, 3, 2), PICK, values(1, 2, 2, seed=1), 1),
    (values(3, 2), PICK[:0], values(0, 2), 0),
]:
    case("selection", "indexAdd", lambda x, i, s, d: x.index_add(int(d), i, s), [x, i, s], [d])
    case("selection", "indexCopy", lambda x, i, s, d: x.index_copy(int(d), i, s), [x, i, s], [d])
    case("selection", "indexFill", lambda x, i, d, v: x.index_fill(int(d), i, v), [x, i], [d, 1.5])
case("selection", "indexAdd", lambda x, i, s, d: x.index_add(int(d), i, s), [values(3, 2), torch.tensor([1, 1]), values(2, 2, seed=1)], [0], note="twice")

# ---------------------------------------------------------------- rearranging


def whole(function):
    return lambda x, *args: function(x, *[int(a) for a in args])


R = "rearranging"
for shape, shift, dim in [((5,), 2, 0), ((5,), -1, 0), ((2, 3), 4, 1), ((2, 1), 1, 1), ((0, 3), 1, 0), ((0, 3), 1, 1)]:
    case(R, "roll", lambda x, s, d: torch.roll(x, int(s), int(d)), [values(*shape)], [shift, dim])
for shape, dims in [((5,), [0]), ((2, 3), [1]), ((2, 3, 2), [0, 2]), ((1, 3), [0, 1]), ((0, 3), [1])]:
    case(R, "flip", lambda x, *d: torch.flip(x, [int(i) for i in d]), [values(*shape)], dims)
for turns in [-1, 0, 1, 2, 3, 5]:
    case(R, "rot90", lambda x, k, a, b: torch.rot90(x, int(k), [int(a), int(b)]), [values(2, 3)], [turns, 0, 1])
case(R, "rot90", lambda x, k, a, b: torch.rot90(x, int(k), [int(a), int(b)]), [values(2, 1, 3)], [1, 2, 0])
case(R, "rot90", lambda x, k, a, b: torch.rot90(x, int(k), [int(a), int(b)]), [values(0, 3)], [1, 0, 1])
for shape, a, b in [((2, 3, 4), 0, 2), ((2, 3, 4), -1, 0), ((2, 3), 1, 1), ((2, 1, 0), 0, 1)]:
    case(R, "movedim", whole(torch.movedim), [values(*shape)], [a, b])
for shape, repeats in [((3,), [2]), ((2, 3), [2, 1]), ((3,), [2, 2]), ((1, 2), [2, 0]), ((0, 2), [2, 2])]:
    case(R, "repeat", lambda x, *r: x.repeat(*[int(i) for i in r]), [values(*shape)], repeats)
for shape, repeats in [((3,), [2]), ((2, 3), [2]), ((3,), [2, 2]), ((1, 2), [2, 1]), ((0, 2), [2])]:
    case(R, "tile", lambda x, *r: torch.tile(x, [int(i) for i in r]), [values(*shape)], repeats)
for shape, repeats, dim in [((3,), 2, 0), ((2, 3), 2, 0), ((2, 3), 3, 1), ((2, 1), 2, 1), ((0, 2), 2, 0), ((2, 2), 0, 0)]:
    case(R, "repeatInterleave", lambda x, r, d: torch.repeat_interleave(x, int(r), int(d)), [values(*shape)], [repeats, dim])
for x, repeats, dim in [(values(3), [2, 0, 1], 0), (values(2, 3), [1, 2], 0), (values(2, 1), [3], 1), (values(0, 2), [], 0)]:
    case(R, "repeatInterleaveEach", lambda x, r, d: torch.repeat_interleave(x, r, int(d)), [x, torch.tensor(repeats, dtype=I64)], [dim])
for shape, size, dim in [((5,), 2, 0), ((2, 4), 2, 1), ((2, 1), 3, 1), ((0, 2), 1, 1), ((0, 2), 1, 0)]:
    case(R, "split", lambda x, s, d: torch.split(x, int(s), int(d)), [values(*shape)], [size, dim])
for shape, sizes in [((5,), [2, 3]), ((5, 1), [0, 1, 4]), ((0, 2), [0])]:
    case(R, "splitSizes", lambda x, *s: torch.split(x, [int(i) for i in s], 0), [values(*shape)], sizes)
for shape, n, dim in [((5,), 2, 0), ((5,), 4, 0), ((2, 3), 3, 1), ((1, 2), 3, 0), ((0, 2), 2, 1)]:
    case(R, "chunk", whole(torch.chunk), [values(*shape)], [n, dim])
for shape, dim in [((3,), 0), ((2, 3), 1), ((1, 2), 0), ((2, 0), 0)]:
    case(R, "unbind", whole(torch.unbind), [values(*shape)], [dim])
for shapes in [[(3,)], [(2,), (3,)], [(2,), (), (1,)], [(0,), (2,)]]:
    case(R, "meshgrid", lambda *x: torch.meshgrid(*x, indexing="ij"), [values(*s, seed=i) for i, s in enumerate(shapes)])
for shape, k in [((3, 3), 0), ((2, 4), 1), ((4, 2), -1), ((2, 1, 3), 0), ((0, 3), 0), ((3, 3), 9), ((3, 3), -9)]:
    case(R, "tril", whole(torch.tril), [values(*shape)], [k])
    case(R, "triu", whole(torch.triu), [values(*shape)], [k])
    case(R, "diagonal", lambda x, k, a, b: torch.diagonal(x, int(k), int(a), int(b)), [values(*shape)], [k, -2, -1])
case(R, "diagonal", lambda x, k, a, b: torch.diagonal(x, int(k), int(a), int(b)), [values(2, 3, 4)], [1, 2, 0])
case(R, "diagonal", lambda x, k, a, b: torch.diagonal(x, int(k), int(a), int(b)), [values(2, 3, 4)], [0, 0, 1])
for shape, k in [((3,), 0), ((2, 3), 1), ((2, 1), -2), ((0, 2), 0)]:
    case(R, "diagEmbed", whole(torch.diag_embed), [values(*shape)], [k])
for shape, k in [((3,), 0), ((2,), 1), ((3, 2), 0), ((3, 1), -1), ((0,), 0)]:
    case(R, "diag", whole(torch.diag), [values(*shape)], [k])
