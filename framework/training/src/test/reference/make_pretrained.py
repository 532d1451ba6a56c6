"""Writes a small PyTorch model as a safetensors file, with what it computes.

Usage: python3 make_pretrained.py    (needs torch >= 1.13; writes into ../resources/io/fulgur/checkpoint)

The format is written by hand: 8 bytes of length, a JSON header, the data.
"""

import json
import pathlib
import struct

import torch
from torch import nn

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "io" / "fulgur" / "checkpoint"
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}


def save(tensors, path):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        flat = tensor.detach().contiguous().reshape(-1)
        raw = bytes(flat.view(torch.int16).numpy().tobytes() if tensor.dtype == torch.bfloat16 else flat.numpy().tobytes())
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Tagger(nn.Module):
    """Reads 1-d signals: convolution, batch norm, LSTM in both directions, layer norm, a tied head."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm1d(4)
        self.rnn = nn.LSTM(4, 3, bidirectional=True, batch_first=True)
        self.layer_norm = nn.LayerNorm(6)
        self.embed_out = nn.Linear(6, 5, bias=False)
        self.head = nn.Linear(6, 5)
        self.head.weight = self.embed_out.weight

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv(x)))
        x, _ = self.rnn(x.transpose(1, 2))
        x = self.layer_norm(x)
        return self.head(x) + self.embed_out(x)


def main():
    torch.manual_seed(5)
    model = Tagger()
    for _ in range(3):
        model(torch.randn(4, 2, 7))
    model.eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
    x = torch.randn(2, 2, 7)
    wrapped = {"module." + name: tensor for name, tensor in model.state_dict().items()}
    save(wrapped, TARGET / "tagger.safetensors")
    halves = {n: t.half() if t.is_floating_point() else t for n, t in model.state_dict().items()}
    save(halves, TARGET / "tagger_f16.safetensors")
    output = model(x)
    example = {
        "input": {"shape": list(x.shape), "values": x.double().reshape(-1).tolist()},
        "output": {"shape": list(output.shape), "values": output.detach().double().reshape(-1).tolist()},
    }
    (TARGET / "tagger.json").write_text(json.dumps(example) + "\n")


main()
