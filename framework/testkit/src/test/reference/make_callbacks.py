"""Writes the numbers that the tests of weight averaging and finetuning compare with.

Usage: python3 make_callbacks.py    (needs torch >= 1.13; writes into
../resources/io/fulgur/callback)

Everything is computed in single precision without random numbers, so a second run writes the same
file.
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.optim import swa_utils

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "io" / "fulgur" / "callback"
BATCHES, SAMPLES, FEATURES, HIDDEN = 3, 4, 3, 4


def waves(shape, start, scale=1.0):
    count = math.prod(shape)
    values = [round(scale * math.sin(start + 1.7 * i), 4) for i in range(count)]
    return torch.tensor(values).reshape(shape)


INPUTS = waves((BATCHES, SAMPLES, FEATURES), 0.3)
TARGETS = waves((BATCHES, SAMPLES, 1), 2.0)


def network():
    net = nn.Sequential(
        nn.Linear(FEATURES, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 1))
    with torch.no_grad():
        for i, parameter in enumerate(net.parameters()):
            parameter.copy_(waves(parameter.shape, i, 0.5))
    return net


def epoch(net, optimizer, after_step=lambda: None):
    net.train()
    for inputs, targets in zip(INPUTS, TARGETS):
        optimizer.zero_grad()
        nn.functional.mse_loss(net(inputs), targets).backward()
        optimizer.step()
        after_step()


def state(net):
    return {
        name: {"shape": list(tensor.shape), "values": tensor.double().reshape(-1).tolist()}
        for name, tensor in net.state_dict().items() if "num_batches" not in name
    }


def sgd(parameters, rate=0.1):
    return torch.optim.SGD(parameters, lr=rate, momentum=0.9)


def averaging(averaged_model, epochs, updates):
    net = network()
    averaged = averaged_model(net)
    optimizer = sgd(net.parameters())
    step = [0]

    def after_step():
        if updates(step[0]):
            averaged.update_parameters(net)
        step[0] += 1

    for _ in range(epochs):
        epoch(net, optimizer, after_step)
    return {"averaged": state(averaged.module), "trained": state(net)}


def ema(decay):
    return lambda net: swa_utils.AveragedModel(
        net, avg_fn=lambda a, c, n: decay * a + (1 - decay) * c, use_buffers=True)


def swa(strategy, anneal_epochs):
    epochs, start = 5, 1
    net = network()
    averaged = swa_utils.AveragedModel(net)
    optimizer = sgd(net.parameters())
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.9)
    rates = []
    for index in range(epochs):
        if index == start:
            schedule = swa_utils.SWALR(optimizer, 0.05, anneal_epochs, strategy)
        rates.append(optimizer.param_groups[0]["lr"])
        epoch(net, optimizer)
        schedule.step()
        if index >= start:
            averaged.update_parameters(net)
    trained = state(net)
    swa_utils.update_bn(list(INPUTS), averaged)
    return {"rates": rates, "averaged": state(averaged.module), "trained": trained}


def finetuning():
    """The first linear layer is frozen, its batch normalisation is not; thawed in epoch 2."""
    net = network()
    backbone = net[0]
    for parameter in backbone.parameters():
        parameter.requires_grad = False
    optimizer = sgd([p for p in net.parameters() if p.requires_grad])
    rates, previous = [], None
    for index in range(6):
        if index == 2:
            for parameter in backbone.parameters():
                parameter.requires_grad = True
            previous = 0.1 * 0.1
            optimizer.add_param_group({"params": list(backbone.parameters()), "lr": previous})
        elif index > 2:
            previous = min(2.0 * previous, 0.1)
            optimizer.param_groups[1]["lr"] = previous
        rates.append(previous or 0.0)
        epoch(net, optimizer)
    return {"rates": rates, "trained": state(net)}


def main():
    content = {
        "inputs": INPUTS.double().reshape(-1).tolist(),
        "targets": TARGETS.double().reshape(-1).tolist(),
        "initial": state(network()),
        "ema": averaging(ema(0.9), 4, lambda step: True),
        "emaLate": averaging(ema(0.5), 4, lambda step: step >= 4 and step % 2 == 0),
        "equal": averaging(lambda net: swa_utils.AveragedModel(net, use_buffers=True), 4,
                           lambda step: step >= 3),
        "swa": swa("cos", 3),
        "swaLinear": swa("linear", 10),
        "finetuning": finetuning(),
    }
    text = json.dumps(content, separators=(",", ":"))
    (TARGET / "callbacks.json").write_text(text.replace("},", "},\n") + "\n")


if __name__ == "__main__":
    main()
