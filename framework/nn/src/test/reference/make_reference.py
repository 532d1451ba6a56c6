"""Writes the numbers of PyTorch that the tests of this module compare with.

Usage: python3 make_reference.py    (needs torch >= 1.13; writes into ../resources/io/fulgur/nn)

Everything is computed in double precision from fixed seeds, so a second run writes the same files.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "io" / "fulgur" / "nn"


def array(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


def write(name, content):
    text = json.dumps(content, indent=None, separators=(",", ":"))
    (TARGET / name).write_text(text.replace('},"', '},\n"') + "\n")


def normal(*shape):
    # Three decimals keep the files short; the comparison does not need more.
    return (torch.randn(*shape) * 1000).round() / 1000


def layer_case(module, *input_shape):
    for parameter in module.parameters():
        parameter.data = normal(*parameter.shape)
    x = normal(*input_shape).requires_grad_()
    output = module(x)
    grad_output = normal(*output.shape)
    output.backward(grad_output)
    return {
        "state": {name: array(p) for name, p in module.named_parameters()},
        "input": array(x),
        "output": array(output),
        "gradOutput": array(grad_output),
        "gradInput": array(x.grad),
        "gradients": {name: array(p.grad) for name, p in module.named_parameters()},
    }


def layers():
    torch.manual_seed(1)
    write("layers.json", {
        "linear": layer_case(nn.Linear(5, 3), 4, 5),
        "linearWithoutBias": layer_case(nn.Linear(5, 3, bias=False), 4, 5),
        "linearOfThreeDimensions": layer_case(nn.Linear(5, 3), 2, 4, 5),
        "linearOfVector": layer_case(nn.Linear(5, 3), 5),
        "relu": layer_case(nn.ReLU(), 3, 4),
        "gelu": layer_case(nn.GELU(), 3, 4),
        "geluTanh": layer_case(nn.GELU(approximate="tanh"), 3, 4),
        "tanh": layer_case(nn.Tanh(), 3, 4),
        "sigmoid": layer_case(nn.Sigmoid(), 3, 4),
        "softmax": layer_case(nn.Softmax(dim=-1), 3, 4),
        "softmaxOfFirst": layer_case(nn.Softmax(dim=0), 3, 4),
        "identity": layer_case(nn.Identity(), 3, 4),
        "flatten": layer_case(nn.Flatten(), 2, 3, 4),
        "flattenOfRange": layer_case(nn.Flatten(0, 1), 2, 3, 4),
        "layerNorm": layer_case(nn.LayerNorm(6), 4, 6),
        "layerNormOfTwoDimensions": layer_case(nn.LayerNorm([3, 4], eps=1e-3), 2, 3, 4),
        "sequential": layer_case(
            nn.Sequential(
                nn.Flatten(), nn.Linear(6, 5), nn.ReLU(), nn.LayerNorm(5),
                nn.Sequential(nn.Linear(5, 5), nn.Tanh()), nn.Identity(), nn.Linear(5, 2)),
            4, 2, 3),
    })


def loss_case(function, x, target):
    x = x.clone().requires_grad_()
    loss = function(x, target)
    loss.backward()
    return {
        "input": array(x),
        "target": array(target),
        "loss": loss.item(),
        "gradInput": array(x.grad),
    }


def losses():
    torch.manual_seed(2)
    logits = torch.tensor([0.0, -0.5, 2.0, 100.0, -100.0, 30.0, -30.0, 0.0])
    targets = torch.tensor([1.0, 0.0, 0.25, 1.0, 0.0, 0.0, 1.0, 0.5])
    write("losses.json", {
        "crossEntropy": loss_case(F.cross_entropy, normal(5, 4), torch.tensor([0, 3, 1, 1, 2])),
        "crossEntropyOfLargeLogits":
            loss_case(F.cross_entropy, normal(2, 3) * 1000, torch.tensor([2, 0])),
        "mse": loss_case(F.mse_loss, normal(3, 4), normal(3, 4)),
        "l1": loss_case(F.l1_loss, normal(3, 4), normal(3, 4)),
        "binaryCrossEntropyWithLogits":
            loss_case(F.binary_cross_entropy_with_logits, logits, targets),
    })


def initial():
    torch.manual_seed(3)
    init = nn.init

    def numbers(fill, rows=400, columns=300):
        weight = torch.empty(rows, columns)
        fill(weight)
        return {
            "rows": rows,
            "columns": columns,
            "standardDeviation": weight.std().item(),
            "largest": weight.abs().max().item(),
        }

    linear = nn.Linear(300, 400)
    write("initializers.json", {
        "linearWeight": numbers(lambda w: w.copy_(linear.weight.detach())),
        "linearBias": numbers(lambda w: w.copy_(linear.bias.detach()[:, None]), columns=1)
        | {"columns": 300},
        "xavierUniform": numbers(init.xavier_uniform_),
        "xavierNormal": numbers(init.xavier_normal_),
        "kaimingUniform": numbers(init.kaiming_uniform_),
        "kaimingNormal": numbers(init.kaiming_normal_),
    })


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    TARGET.mkdir(parents=True, exist_ok=True)
    for part in (layers, losses, initial):
        part()
