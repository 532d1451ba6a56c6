"""Products by Einstein's convention, linear algebra, norms and distances."""

import torch
import torch.nn.functional as F

from reference import FLOATS, case, distinct, inf, tensor, values

E = "einsum"
for equation, shapes in [
    ("ij,jk->ik", [(2, 3), (3, 2)]),
    ("ij,jk", [(2, 3), (3, 2)]),
    ("ij,jk->ki", [(2, 3), (3, 2)]),
    ("ij->", [(2, 3)]),
    ("ij->j", [(2, 3)]),
    ("ij->ji", [(2, 3)]),
    ("ba", [(2, 3)]),
    ("ii", [(3, 3)]),
    ("ii->i", [(3, 3)]),
    ("iij->j", [(2, 2, 3)]),
    ("iii->i", [(2, 2, 2)]),
    ("i,i->", [(3,), (3,)]),
    ("i,j", [(2,), (3,)]),
    ("bij,bjk->bik", [(2, 2, 3), (2, 3, 1)]),
    ("...ij,...jk->...ik", [(2, 2, 3), (3, 2)]),
    ("...ij,jk", [(1, 2, 2, 3), (3, 2)]),
    ("...ii->...i", [(2, 3, 3)]),
    ("i...->...", [(2, 3)]),
    ("...a,...a->...", [(2, 1, 3), (2, 3)]),
    ("bhqd,bhkd->bhqk", [(1, 2, 2, 3), (1, 2, 3, 3)]),
    ("ij,jk,kl->il", [(2, 3), (3, 2), (2, 2)]),
    ("a,b,c->abc", [(2,), (1,), (3,)]),
    ("ab,ac,ad->bcd", [(2, 2), (2, 1), (2, 3)]),
    ("ij,ij->ij", [(2, 3), (2, 3)]),
    ("ij,ij->", [(2, 3), (1, 3)]),
    ("ij,kj->k", [(2, 3), (2, 3)]),
    (" i j , j -> i ", [(2, 3), (3,)]),
    ("ij,jk->ik", [(2, 0), (0, 3)]),
    ("ij,jk->ik", [(0, 2), (2, 3)]),
    (",i->i", [(), (3,)]),
    ("iI->I", [(2, 3)]),
]:
    case(
        E,
        "einsum",
        lambda *x, equation: torch.einsum(equation, *x),
        [values(*s, seed=i) for i, s in enumerate(shapes)],
        {"equation": equation},
    )

L = "linear_algebra"
for shape in [(3,), (1,), (0,)]:
    case(L, "dot", torch.dot, [values(*shape), values(*shape, seed=1)])
    case(L, "outer", torch.outer, [values(*shape), values(2, seed=1)])
for a, b in [((2, 2, 3), (2, 3, 2)), ((1, 2, 3), (1, 3, 1)), ((0, 2, 3), (0, 3, 1))]:
    case(L, "bmm", torch.bmm, [values(*a), values(*b, seed=1)])
    out = torch.bmm(values(*a), values(*b)).shape
    for beta, alpha in [(1, 1), (0.5, 2)]:
        case(
            L,
            "baddbmm",
            lambda x, p, q, beta, alpha: torch.baddbmm(x, p, q, beta=beta, alpha=alpha),
            [values(*out, seed=2), values(*a), values(*b, seed=1)],
            [beta, alpha],
        )
for a, b in [((2, 3), (2, 2)), ((3,), (2,)), ((2, 1), (3,)), ((0, 2), (2, 1)), ((), (2,))]:
    case(L, "kron", torch.kron, [values(*a), values(*b, seed=1)])
for shape in [(3, 3), (2, 3), (1, 1), (0, 0)]:
    case(L, "trace", torch.trace, [values(*shape)])


def good(*shape, seed=0):
    """Matrices that are far from singular."""
    x = values(*shape, seed=seed)
    return x + 4 * torch.eye(shape[-2], shape[-1], dtype=torch.float64)


def positive(*shape, seed=0):
    x = values(*shape, seed=seed)
    return x @ x.mT + 4 * torch.eye(shape[-1], dtype=torch.float64)


SQUARE = [(3, 3), (2, 2, 2), (1, 1), (0, 0), (0, 2, 2)]
for shape in SQUARE:
    for n in [-2, -1, 0, 1, 3]:
        case(L, "matrixPower", lambda x, n: torch.linalg.matrix_power(x, int(n)), [good(*shape)], [n], types=FLOATS, grad=n != 0)
    case(L, "inverse", torch.linalg.inv, [good(*shape)])
    case(L, "determinant", torch.linalg.det, [good(*shape)], types=FLOATS)
    case(L, "signedLogDeterminant", torch.linalg.slogdet, [good(*shape, seed=1)], types=FLOATS)
    case(L, "signedLogDeterminant", torch.linalg.slogdet, [-good(*shape, seed=1)], types=FLOATS)
    case(L, "cholesky", torch.linalg.cholesky, [positive(*shape)], types=FLOATS, differences=False)


def by_minors(x):
    """PyTorch's gradient is wrong where the determinant is 0."""
    (a, b, c), (d, e, f), (g, h, i) = x
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


case(L, "determinant", by_minors, [tensor([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]])], types=FLOATS, note="singular")
for a, b in [((3, 3), (3, 2)), ((3, 3), (3,)), ((2, 2, 2), (2, 2, 1)), ((2, 2), (2, 2, 1)), ((1, 1), (1, 1)), ((0, 0), (0, 2))]:
    case(L, "solve", torch.linalg.solve, [good(*a), values(*b, seed=1)], types=FLOATS)


def pseudo(*shape):
    return values(*shape) + torch.eye(*shape[-2:], dtype=torch.float64)


for shape in [(3, 2), (2, 3), (2, 2), (2, 3, 2), (1, 2), (0, 2)]:
    case(L, "pseudoInverse", torch.linalg.pinv, [pseudo(*shape)], types=FLOATS)
    b = values(*shape[:-1], 2, seed=1)
    case(L, "leastSquares", lambda a, b: torch.linalg.pinv(a) @ b, [pseudo(*shape), b], types=FLOATS)


def eigh(x):
    """Of a symmetric function of the input, so that differences see what the gradient is of."""
    found = torch.linalg.eigh(x + x.mT)
    return found.eigenvalues, found.eigenvectors.square()


def svd(x):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    return u.square(), s, vt.square()


for shape in [(3, 3), (2, 2, 2), (1, 1), (0, 0)]:
    case(L, "eigh", eigh, [distinct(*shape)], types=FLOATS)
for shape in [(3, 3), (3, 2), (2, 3), (2, 2, 2), (1, 2), (0, 2)]:
    case(L, "svd", svd, [distinct(*shape, seed=1)], types=FLOATS)
for shape in [(3, 3), (3, 2), (2, 2, 2), (1, 1), (0, 0)]:
    case(L, "qr", torch.linalg.qr, [good(*shape)], types=FLOATS)
case(L, "qr", torch.linalg.qr, [good(2, 3)], types=FLOATS, grad=False, note="wide")

N = "norms"
P = [2.0, 1.0, inf, -inf, 0.0, 3.0, 1.5]
for p in P:
    for shape, dim in [((5,), 0), ((2, 3), 1), ((2, 1, 3), 0)] + ([((0, 3), 0)] if p > 0 and p != inf else [((0, 3), 1)]):
        case(N, "norm", lambda x, p, d: torch.linalg.vector_norm(x, p, dim=int(d)), [distinct(*shape) + 0.0625], [p, dim])
        case(N, "normalize", lambda x, p, d: F.normalize(x, p, int(d)), [distinct(*shape) + 0.0625], [p, dim]) if p in (1, 2, 3) else None
    case(N, "normAll", lambda x, p: torch.linalg.vector_norm(x, p), [distinct(2, 3) + 0.0625], [p])
for p in [1.0, 2.0, 3.0]:
    case(N, "norm", lambda x, p, d: torch.linalg.vector_norm(x, p, dim=int(d)), [torch.zeros(2, 3).double()], [p, 1], note="zeros", differences=False)
case(N, "normAll", lambda x, p: torch.linalg.vector_norm(x, p), [values(0, 3)], [2.0])
case(N, "normAll", lambda x, p: torch.linalg.vector_norm(x, p), [values(1)], [2.0])
for kind, theirs in [("FROBENIUS", "fro"), ("NUCLEAR", "nuc"), ("SPECTRAL", 2), ("MAX_COLUMN_SUM", 1), ("MAX_ROW_SUM", inf)]:
    orders = dict(FROBENIUS="fro", NUCLEAR="nuc", SPECTRAL=2, MAX_COLUMN_SUM=1, MAX_ROW_SUM=inf)
    for shape in [(3, 2), (2, 2, 3), (1, 2), (0, 2, 3)]:
        case(
            N,
            "matrixNorm",
            lambda x, kind: torch.linalg.matrix_norm(x, orders[kind]),
            [distinct(*shape, seed=1) + 0.0625],
            {"kind": kind},
            types=FLOATS,
        )
for a, b, dim in [((2, 3), (2, 3), 1), ((2, 3), (3,), 1), ((2, 1, 3), (2, 2, 3), 2), ((0, 3), (0, 3), 1)]:
    case(
        N,
        "cosineSimilarity",
        lambda x, y, d: F.cosine_similarity(x, y, dim=int(d), eps=1e-8),
        [values(*a), values(*b, seed=3)],
        [dim],
    )
for p in [2.0, 1.0, inf, 3.0]:
    for a, b in [((2, 3), (3, 3)), ((1, 2, 2), (2, 1, 2)), ((0, 3), (2, 3))]:
        case(
            N,
            "cdist",
            lambda x, y, p: torch.cdist(x, y, p, compute_mode="donot_use_mm_for_euclid_dist"),
            [distinct(*a), distinct(*b, seed=1) * 1.25 + 0.71875 * torch.arange(b[-1])],
            [p],
        )
        pair = values(*a, seed=2)
        case(N, "pairwiseDistance", lambda x, y, p: F.pairwise_distance(x, y, p, eps=1e-6), [values(*a), pair], [p])
case(N, "cdist", lambda x, y, p: torch.cdist(x, y, p), [tensor([[1.0, 2]]), tensor([[1.0, 2], [0, 0]])], [2.0], note="equal points", differences=False)
