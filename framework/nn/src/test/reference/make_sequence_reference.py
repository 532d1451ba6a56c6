"""Writes the reference values of layers over sequences, computed by PyTorch in double precision.

    python3 make_sequence_reference.py

writes ../resources/io/fulgur/nn/sequence.json. Names of parameters are PyTorch's in camel case.
"""

import json
import pathlib
import re

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources/io/fulgur/nn/sequence.json"
torch.set_default_dtype(torch.float64)


def camel(name):
    return re.sub(r"_(\w)", lambda m: m.group(1).upper(), name)


def array(t):
    return {"shape": list(t.shape), "values": [float(x) for x in t.detach().reshape(-1)]}


def weight(t):
    return (0.5 + 0.25 * (torch.arange(t.numel()) % 7)).reshape(t.shape)


def short(t):
    # Three decimals keep the file small; the comparison does not need more.
    return (t * 1000).round() / 1000


def case(module, function, *inputs):
    """Outputs and gradients of the sum over the outputs of sum(output * weight)."""
    with torch.no_grad():
        for p in module.parameters():
            # Biases and norms start at constants, which would hide what is mixed up.
            p.copy_(short(p + 0.1 * torch.randn_like(p)))
    inputs = [short(torch.randn(*shape)).requires_grad_() for shape in inputs]
    outputs = function(module, *inputs)
    sum((o * weight(o)).sum() for o in outputs).backward()
    return {
        "state": {camel(n): array(p) for n, p in module.named_parameters()},
        "inputs": [array(x) for x in inputs],
        "outputs": [array(o) for o in outputs],
        "gradInputs": [array(x.grad) for x in inputs],
        "gradients": {camel(n): array(p.grad) for n, p in module.named_parameters()},
    }


def recurrent(module, x, *states):
    state = states if len(states) > 1 else states[0] if states else None
    out, last = module(x, state)
    return [out, *last] if isinstance(last, tuple) else [out, last]


def packed(lengths):
    def run(module, x):
        data = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, last = module(data)
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])
        return [out, *last] if isinstance(last, tuple) else [out, last]

    return run


def cell(module, x, *states):
    out = module(x, states if len(states) > 1 else states[0])
    return list(out) if isinstance(out, tuple) else [out]


def causal(n):
    return torch.ones(n, n).triu(1).bool()


PADDING = torch.tensor([[False, False, False, False], [False, False, True, True]])
ADDED = torch.tensor([[0.0, -1.0, 0.5, -float("inf")], [1.0, 0.0, 0.0, 2.0], [0.0, -2.0, -0.5, 0.25]])


def main():
    torch.manual_seed(5)
    first = {"batch_first": True}
    plain = {"dropout": 0.0, "batch_first": True, "dim_feedforward": 6}
    cases = {
        "lstm": case(nn.LSTM(3, 2, **first), recurrent, (2, 4, 3)),
        "lstmOfTwoLayersBothWays": case(
            nn.LSTM(3, 2, num_layers=2, bidirectional=True), recurrent, (4, 2, 3), (4, 2, 2), (4, 2, 2)),
        "lstmOfLengths": case(
            nn.LSTM(3, 2, num_layers=2, bidirectional=True, **first), packed([2, 4, 1]), (3, 4, 3)),
        "lstmOfOneSequence": case(nn.LSTM(3, 2, bias=False), recurrent, (4, 3), (1, 2), (1, 2)),
        "gru": case(nn.GRU(3, 2, num_layers=2, **first), recurrent, (2, 4, 3), (2, 2, 2)),
        "gruOfLengths": case(nn.GRU(3, 2, bidirectional=True, **first), packed([1, 3]), (2, 3, 3)),
        "rnn": case(nn.RNN(3, 2, **first), recurrent, (2, 4, 3)),
        "rnnRelu": case(nn.RNN(3, 2, nonlinearity="relu", **first), recurrent, (2, 4, 3), (1, 2, 2)),
        "lstmCell": case(nn.LSTMCell(3, 2), cell, (4, 3), (4, 2), (4, 2)),
        "gruCell": case(nn.GRUCell(3, 2, bias=False), cell, (4, 3), (4, 2)),
        "rnnCell": case(nn.RNNCell(3, 2), cell, (4, 3), (4, 2)),
        "rnnCellRelu": case(nn.RNNCell(3, 2, nonlinearity="relu"), cell, (4, 3), (4, 2)),
        "selfAttention": case(
            nn.MultiheadAttention(4, 2, **first), lambda m, x: [m(x, x, x)[0]], (2, 3, 4)),
        "selfAttentionCausalPadded": case(
            nn.MultiheadAttention(4, 2, **first),
            lambda m, x: [m(x, x, x, attn_mask=causal(4), key_padding_mask=PADDING)[0]], (2, 4, 4)),
        "crossAttentionAdded": case(
            nn.MultiheadAttention(4, 2, **first),
            lambda m, q, k: [m(q, k, k, attn_mask=ADDED, key_padding_mask=PADDING)[0]], (2, 3, 4), (2, 4, 4)),
        "attentionOfOtherFeatures": case(
            nn.MultiheadAttention(4, 2, kdim=3, vdim=5, bias=False, **first),
            lambda m, q, k, v: [m(q, k, v)[0]], (2, 3, 4), (2, 2, 3), (2, 2, 5)),
        "attentionWithWeights": case(
            nn.MultiheadAttention(4, 2, **first),
            lambda m, q, k, v: list(m(q, k, v, average_attn_weights=False, key_padding_mask=PADDING)),
            (2, 3, 4), (2, 4, 4), (2, 4, 4)),
        "encoderLayer": case(
            nn.TransformerEncoderLayer(4, 2, **plain), lambda m, x: [m(x, src_key_padding_mask=PADDING)], (2, 4, 4)),
        "encoderLayerNormFirstGelu": case(
            nn.TransformerEncoderLayer(4, 2, activation="gelu", norm_first=True, layer_norm_eps=1e-3, **plain),
            lambda m, x: [m(x, src_mask=causal(4))], (2, 4, 4)),
        "decoderLayer": case(
            nn.TransformerDecoderLayer(4, 2, **plain),
            lambda m, x, y: [m(x, y, tgt_mask=causal(3), memory_key_padding_mask=PADDING)], (2, 3, 4), (2, 4, 4)),
        "decoderLayerNormFirst": case(
            nn.TransformerDecoderLayer(4, 2, norm_first=True, **plain),
            lambda m, x, y: [m(x, y, tgt_mask=causal(3))], (2, 3, 4), (2, 4, 4)),
        "encoder": case(
            nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, **plain), 2, nn.LayerNorm(4), enable_nested_tensor=False),
            lambda m, x: [m(x, mask=causal(3))], (2, 3, 4)),
        "decoder": case(
            nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 1, **plain), 2, nn.LayerNorm(4)),
            lambda m, x, y: [m(x, y, tgt_mask=causal(2))], (1, 2, 4), (1, 3, 4)),
        "lstmProjected": case(
            nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2, **first), recurrent, (2, 3, 3), (4, 2, 2), (4, 2, 4)),
        "lstmProjectedOfLengths": case(
            nn.LSTM(3, 2, proj_size=1, bidirectional=True, **first), packed([2, 4, 1]), (3, 4, 3)),
    }
    text = json.dumps(cases, separators=(",", ":"))
    TARGET.write_text(text.replace('},"', '},\n"') + "\n")
    print(len(cases), TARGET.stat().st_size)


main()
