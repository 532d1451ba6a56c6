"""Recurrent layers, one direction at a time."""

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reference import FLOATS, case, tensor, values

GATES = {"rnnTanh": 1, "rnnRelu": 1, "lstm": 4, "gru": 3}


def module(op, inputs, hidden, bias, reverse):
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(op, torch.nn.RNN)
    extra = {"nonlinearity": "relu"} if op == "rnnRelu" else {}
    return kind(inputs, hidden, bias=bias, bidirectional=reverse, **extra).double()


def layer(op):
    def run(x, h0, c0, wih, whh, bih, bhh, lengths, reverse=False):
        n, hidden = x.shape[1], whh.shape[1]
        parameters = [p for p in (wih, whh, bih, bhh) if p is not None]
        states = [torch.zeros(n, hidden, dtype=torch.float64) if s is None else s for s in (h0, c0)]
        if reverse:
            # The second direction of a layer whose first is all zeros.
            parameters = [torch.zeros_like(p) for p in parameters] + parameters
            states = [torch.stack([torch.zeros_like(s), s]) for s in states]
        else:
            states = [s.unsqueeze(0) for s in states]
        state = tuple(states) if op == "lstm" else states[0]
        data = x if lengths is None else pack_padded_sequence(x, lengths, enforce_sorted=False)
        net = module(op, x.shape[2], hidden, bih is not None, reverse)
        # What the module reads; setting it keeps the graph to our tensors.
        net._flat_weights = parameters
        out, last = net(data, state)
        if lengths is not None:
            out, _ = pad_packed_sequence(out, total_length=x.shape[0])
        out = out[..., -hidden:]
        return (out, last[0][-1], last[1][-1]) if op == "lstm" else (out, last[-1])

    return run


def weights(op, inputs, hidden, bias):
    rows = GATES[op] * hidden
    pair = [values(rows, inputs, lo=-1, hi=1, seed=1), values(rows, hidden, lo=-1, hi=1, seed=2)]
    return pair + ([values(rows, lo=-1, hi=1, seed=3), values(rows, lo=-1, hi=1, seed=4)] if bias else [None, None])


def add(op, time, batch, inputs, hidden, bias=True, states=True, lengths=None, reverse=False, note=""):
    h0 = values(batch, hidden, lo=-1, hi=1, seed=5) if states else None
    c0 = values(batch, hidden, lo=-1, hi=1, seed=6) if states and op == "lstm" else None
    case(
        "recurrent",
        op,
        layer(op),
        [values(time, batch, inputs), h0, c0, *weights(op, inputs, hidden, bias)]
        + [None if lengths is None else tensor(lengths, torch.int64)],
        {"reverse": reverse},
        # At the kink of max, differences tell nothing.
        differences=op != "rnnRelu",
        note=note,
    )


for op in GATES:
    for reverse in [False, True]:
        add(op, 3, 2, 3, 2, reverse=reverse)
        add(op, 3, 2, 2, 2, bias=False, states=False, reverse=reverse)
        add(op, 4, 3, 1, 2, lengths=[2, 4, 1], reverse=reverse)
        add(op, 3, 2, 2, 2, lengths=[1, 2], states=False, reverse=reverse, note="padded beyond the longest")
    add(op, 1, 1, 1, 1)
    add(op, 2, 0, 2, 2)
    add(op, 4, 5, 2, 3, lengths=[4, 1, 3, 2, 4], reverse=op != "rnnRelu", states=op == "gru")


def projected(x, h0, c0, wih, whh, bih, bhh, lengths, whr, reverse=False):
    n, (size, hidden) = x.shape[1], whr.shape
    net = torch.nn.LSTM(x.shape[2], hidden, bias=bih is not None, bidirectional=reverse, proj_size=size).double()
    parameters = [p for p in (wih, whh, bih, bhh, whr) if p is not None]
    h0 = torch.zeros(n, size, dtype=torch.float64) if h0 is None else h0
    c0 = torch.zeros(n, hidden, dtype=torch.float64) if c0 is None else c0
    states = [h0.unsqueeze(0), c0.unsqueeze(0)]
    if reverse:
        parameters = [torch.zeros_like(p) for p in parameters] + parameters
        states = [torch.cat([torch.zeros_like(s), s]) for s in states]
    net._flat_weights = parameters
    data = x if lengths is None else pack_padded_sequence(x, lengths, enforce_sorted=False)
    out, (h, c) = net(data, tuple(states))
    if lengths is not None:
        out, _ = pad_packed_sequence(out, total_length=x.shape[0])
    return out[..., -size:], h[-1], c[-1]


def add_projected(time, batch, inputs, hidden, size, bias=True, states=True, lengths=None, reverse=False):
    rows = 4 * hidden
    at = lambda seed, *shape: values(*shape, lo=-1, hi=1, seed=seed)
    case(
        "recurrent",
        "lstmProjected",
        projected,
        [values(time, batch, inputs)]
        + ([at(5, batch, size), at(6, batch, hidden)] if states else [None, None])
        + [at(1, rows, inputs), at(2, rows, size)]
        + ([at(3, rows), at(4, rows)] if bias else [None, None])
        + [None if lengths is None else tensor(lengths, torch.int64), at(7, size, hidden)],
        {"reverse": reverse},
    )


for reverse in [False, True]:
    add_projected(3, 2, 3, 3, 2, reverse=reverse)
    add_projected(3, 2, 2, 2, 1, bias=False, states=False, reverse=reverse)
    add_projected(4, 3, 1, 3, 2, lengths=[2, 4, 1], reverse=reverse)
add_projected(2, 0, 2, 2, 1)
