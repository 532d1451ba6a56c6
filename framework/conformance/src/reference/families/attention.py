"""Scaled dot-product attention."""

import math

import torch

from reference import FLOATS, case, inf, tensor, values


def attention(q, k, v, mask=None, causal=False):
    """As torch's, but 0 where a query sees no key, and true hides."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask, -inf) if mask.dtype == torch.bool else scores + mask
    if causal:
        scores = scores.masked_fill(torch.ones(q.shape[2], k.shape[2]).triu(1).bool(), -inf)
    if k.shape[2] == 0:
        return q[..., :0] @ v[..., :0, :].new_zeros(q.shape[0], q.shape[1], 0, v.shape[3]) + 0 * q.sum()
    blind = torch.isinf(scores).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0).softmax(-1).masked_fill(blind, 0) @ v


def packed(qkv, mask=None, causal=False):
    q, k, v = (t.transpose(1, 2) for t in qkv.unbind(2))
    return attention(q, k, v, mask, causal).transpose(1, 2)


def add(shape, keys=None, value_features=None, mask=None, causal=False, note="", **more):
    b, h, t, d = shape
    s = t if keys is None else keys
    e = d if value_features is None else value_features
    case(
        "attention",
        "scaledDotProduct",
        attention,
        [values(b, h, t, d), values(b, h, s, d, seed=1), values(b, h, s, e, seed=2), mask],
        {"causal": causal},
        note=note,
        **more,
    )
    if s == t and e == d:
        case("attention", "ofPacked", packed, [values(b, t, 3, h, d), mask], {"causal": causal}, note=note, **more)


def hidden(*shape, every=3, seed=0):
    n = math.prod(shape)
    return tensor([(i * 7 + seed) % every == 0 for i in range(n)], torch.bool).reshape(shape)


add((2, 2, 3, 2))
add((1, 1, 1, 1))
add((2, 1, 3, 4), causal=True)
add((2, 2, 3, 2), keys=5, value_features=3)
add((1, 2, 4, 3), keys=2, causal=True, note="fewer keys")
add((1, 2, 2, 3), keys=4, causal=True, note="keys that no query sees")
add((0, 2, 3, 2))
add((1, 2, 0, 2), keys=3)
add((1, 2, 3, 2), keys=0)
for causal in [False, True]:
    add((2, 2, 3, 2), mask=hidden(3, 3), causal=causal, note="hidden from all")
    add((2, 2, 3, 2), mask=hidden(2, 1, 1, 3, seed=3), causal=causal, note="padding")
    add((2, 2, 3, 2), mask=hidden(2, 2, 3, 3, seed=1), causal=causal, note="each head its own")
add((2, 1, 3, 2), mask=tensor([[False, False, False], [True, True, True], [False, True, False]], torch.bool), note="a query that sees nothing")
add((2, 1, 3, 2), mask=tensor([[[[True, True, True]]], [[[False, True, False]]]], torch.bool), note="a sequence of nothing")
add((2, 2, 3, 2), mask=values(3, 3, seed=5), note="added")
add((1, 2, 3, 2), mask=values(2, 1, 3, seed=6), causal=True, note="added to keys")
add((1, 1, 2, 2), mask=tensor([[0, -inf], [-inf, -inf]]).double(), types=FLOATS, differences=False, note="added -inf")
