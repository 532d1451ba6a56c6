"""Looking rows up in a table."""

import torch
import torch.nn.functional as F

from reference import case, distinct, tensor, values


def embedding(index, table, padding=None):
    return F.embedding(index, table, padding_idx=padding)


for rows, features, index, shape in [
    (4, 3, [2, 0, 2, 3, 2, 1], (6,)),
    (5, 2, [4, 1, 1, 0], (2, 2)),
    (1, 1, [0], (1,)),
    (3, 1, [2], ()),
    (3, 4, [], (0,)),
    (2, 3, [1, 1, 1], (3, 1)),
]:
    at = tensor(index, torch.int64).reshape(shape)
    case("embedding", "embedding", embedding, [at, values(rows, features)], {})
    case("embedding", "embedding", embedding, [at, values(rows, features)], {"padding": rows - 1}, differences=False)


def embedding_bag(index, table, offsets, weights, mode, padding=None):
    return F.embedding_bag(index, table, offsets, mode=mode, per_sample_weights=weights, padding_idx=padding)


def bags(index, table, offsets=None, weights=None, modes=("sum", "mean", "max"), padding=None):
    for mode in modes:
        extra = {} if padding is None else {"padding": padding}
        # Differences see a padded row in a table, but no gradient is made for it.
        case("embedding", "embeddingBag", embedding_bag, [index, table, offsets, weights], dict(mode=mode, **extra), differences=padding is None)


def longs(*data):
    return torch.tensor(data, dtype=torch.int64)


table = distinct(5, 3, seed=1)
of_two = longs(2, 0, 2, 3, 4, 1).reshape(3, 2)
bags(of_two, table)
bags(of_two, table, padding=2)
bags(of_two, table, weights=values(3, 2, seed=2), modes=["sum"])
flat, starts = longs(2, 0, 2, 3, 4, 1), longs(0, 2, 2, 5, 6)
bags(flat, table, starts)
bags(flat, table, starts, padding=4)
bags(flat, table, starts, weights=values(6, seed=2), modes=["sum"])
bags(flat, table, starts, weights=values(6, seed=2), modes=["sum"], padding=2)
bags(longs(0), values(1, 1), longs(0))
bags(torch.zeros(0, dtype=torch.int64), values(2, 3), longs(0, 0))
