"""Looking rows up in a table."""

import torch
import torch.nn.functional as F

from reference import case, tensor, values


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
