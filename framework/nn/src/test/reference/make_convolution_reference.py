"""Writes what PyTorch's layers of convolutional networks compute, over several forward passes.

Usage: python3 make_convolution_reference.py    (needs torch >= 1.13)

Each case: the state before, two forward passes in training mode, gradients of the second, the
buffers after, and a forward pass in evaluation mode. Double precision from fixed seeds.
"""

import torch
from torch import nn
from torch.nn.utils import spectral_norm, weight_norm

from make_reference import array, normal, write


def camel(name):
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def state(module):
    own = {k: v for k, v in module.state_dict().items()}
    return {camel(k): array(v.clone()) for k, v in own.items()}


def case(module, *shape):
    for name, value in module.state_dict().items():
        if value.dtype == torch.float64 and not name.endswith(("weight_u", "weight_v", "running_var")):
            value.copy_(normal(*value.shape))
    module.train()
    before = state(module)
    inputs = [normal(*shape), normal(*shape).requires_grad_()]
    outputs = [module(x) for x in inputs]
    module.zero_grad()
    grad_output = normal(*outputs[1].shape)
    outputs[1].backward(grad_output)
    after = state(module)
    gradients = {camel(name): array(p.grad) for name, p in module.named_parameters()}
    module.eval()
    return {
        "state": before,
        "inputs": [array(x) for x in inputs],
        "outputs": [array(y) for y in outputs],
        "gradOutput": array(grad_output),
        "gradInput": array(inputs[1].grad),
        "gradients": gradients,
        "after": after,
        "evaluated": array(module(inputs[0])),
    }


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(4)
    write("convolution_layers.json", {
        "conv1d": case(nn.Conv1d(2, 3, 3), 2, 2, 5),
        "conv2d": case(nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2, bias=False), 2, 2, 5, 4),
        "conv3d": case(nn.Conv3d(1, 2, (1, 2, 2), dilation=(1, 1, 2)), 1, 1, 2, 3, 4),
        "convTranspose1d": case(nn.ConvTranspose1d(3, 2, 3), 2, 3, 4),
        "convTranspose2d":
            case(nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1, groups=2), 1, 4, 2, 3),
        "convTranspose3d": case(nn.ConvTranspose3d(1, 2, (2, 1, 2)), 1, 1, 2, 2, 2),
        "batchNorm1d": case(nn.BatchNorm1d(3), 4, 3),
        "batchNorm1dOfSequences": case(nn.BatchNorm1d(2, momentum=0.3), 2, 2, 3),
        "batchNorm2d": case(nn.BatchNorm2d(2, eps=1e-2), 2, 2, 2, 3),
        "batchNorm2dCumulative": case(nn.BatchNorm2d(2, momentum=None), 2, 2, 2, 2),
        "batchNorm2dWithoutAffine": case(nn.BatchNorm2d(2, affine=False), 2, 2, 2, 2),
        "batchNorm2dWithoutStatistics":
            case(nn.BatchNorm2d(2, track_running_stats=False), 2, 2, 2, 2),
        "batchNorm3d": case(nn.BatchNorm3d(2), 2, 2, 1, 2, 2),
        "groupNorm": case(nn.GroupNorm(2, 4), 2, 4, 3),
        "groupNormWithoutAffine": case(nn.GroupNorm(1, 2, eps=1e-3, affine=False), 2, 2, 3),
        "instanceNorm": case(nn.InstanceNorm2d(2, affine=True), 2, 2, 2, 3),
        "weightNormOfConv": case(weight_norm(nn.Conv2d(2, 3, 2)), 1, 2, 3, 3),
        "weightNormOfLinear": case(weight_norm(nn.Linear(3, 2, bias=False)), 2, 3),
        "spectralNormOfConv": case(spectral_norm(nn.Conv2d(2, 3, 2)), 1, 2, 3, 3),
        "spectralNormOfTransposed":
            case(spectral_norm(nn.ConvTranspose2d(2, 3, 2), n_power_iterations=2), 1, 2, 2, 2),
        "network": case(
            nn.Sequential(
                nn.Conv2d(1, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2),
                nn.Conv2d(3, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.ReLU(), nn.AvgPool2d(2),
                nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)),
            2, 1, 8, 8),
    })
