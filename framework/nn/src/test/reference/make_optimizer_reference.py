"""Writes the numbers that the tests of optimizers, schedules and clipping compare with.

Usage: python3 make_optimizer_reference.py    (needs torch >= 1.13; writes into
../resources/io/fulgur/nn)

What PyTorch 1.13 has is taken from it; the other optimizers are written out here from their papers.
Everything is computed in double precision without random numbers, so a second run writes the same
files.
"""

import json
import math
import pathlib

import torch
import torch.optim.swa_utils
from torch import nn

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "io" / "fulgur" / "nn"


def array(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


def write(name, content):
    text = json.dumps(content, indent=None, separators=(",", ":"))
    (TARGET / name).write_text(text.replace('},"', '},\n"') + "\n")


# Optimizers: each parameter p goes down sum(curvature (p - target)² / 2 + wave p), where the wave
# changes from step to step, so that no gradient ever vanishes for good.

STEPS = 200
RECORDED = (1, 2, 10, 50, 200)
SHAPES = {"weight": (4, 3), "bias": (3,), "kernel": (2, 3, 2), "scale": ()}


def numbers(shape, function):
    count = math.prod(shape)
    return torch.tensor([function(i) for i in range(count)]).reshape(shape)


def problem():
    return {
        name: {
            "start": numbers(shape, lambda i: round(0.8 * math.cos(0.9 * i + k), 3)),
            "target": numbers(shape, lambda i: round(0.5 * math.sin(1.3 * i + k), 3)),
            "curvature": numbers(shape, lambda i: 0.5 + (i + k) % 4),
        }
        for k, (name, shape) in enumerate(SHAPES.items())
    }


def wave(shape, k, step):
    return numbers(shape, lambda i: 0.3 * math.sin(step * (0.5 + 0.1 * i) + k))


def trajectory(make, skips_bias=False, maximizes=False, make_scheduler=None):
    data = problem()
    parameters = {name: values["start"].clone().requires_grad_() for name, values in data.items()}
    optimizer = make(*parameters.values())
    scheduler = make_scheduler(optimizer) if make_scheduler else None
    recorded = {}
    for step in range(1, STEPS + 1):
        optimizer.zero_grad(set_to_none=True)
        loss = 0
        for k, (name, p) in enumerate(parameters.items()):
            if skips_bias and name == "bias" and step % 3 == 0:
                continue
            d = p - data[name]["target"]
            loss = loss + (data[name]["curvature"] * d * d / 2 + wave(p.shape, k, step) * p).sum()
        (-loss if maximizes else loss).backward()
        optimizer.step()
        if scheduler:
            scheduler.step()
        if step in RECORDED:
            recorded[str(step)] = [
                x for p in parameters.values() for x in p.detach().reshape(-1).tolist()]
    return recorded


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of X. Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * p.grad
                p -= group["lr"] * (torch.sign(c) + group["weight_decay"] * p)
                self.state[p]["m"] = beta2 * m + (1 - beta2) * p.grad


class Lars(torch.optim.Optimizer):
    """Y. You, I. Gitman, B. Ginsburg, "Large Batch Training of Convolutional Networks", 2017.

    The local rate as in section 4; the learning rate multiplies the momentum, as in torch.optim.SGD
    (the paper has it inside).
    """

    def __init__(self, params, lr, momentum=0.9, weight_decay=0.0, trust=0.001, eps=1e-8,
                 nesterov=False):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay,
                                  "trust": trust, "eps": eps, "nesterov": nesterov})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g, decay = p.grad, group["weight_decay"]
                w_norm, g_norm = p.norm(), g.norm()
                d = g + decay * p
                if group["trust"] > 0 and w_norm > 0 and g_norm > 0:
                    d = d * group["trust"] * w_norm / (g_norm + decay * w_norm + group["eps"])
                if group["momentum"] > 0:
                    state = self.state[p]
                    state["m"] = group["momentum"] * state["m"] + d if "m" in state else d
                    d = d + group["momentum"] * state["m"] if group["nesterov"] else state["m"]
                p -= group["lr"] * d


class Lamb(torch.optim.Optimizer):
    """Algorithm 2 of Y. You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76
    minutes", ICLR 2020 (arXiv v5), with the identity for phi."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * p.grad
                s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * p.grad ** 2
                r = s["m"] / (1 - beta1 ** t) / ((s["v"] / (1 - beta2 ** t)).sqrt() + group["eps"])
                u = r + group["weight_decay"] * p
                p_norm, u_norm = p.norm(), u.norm()
                ratio = p_norm / u_norm if p_norm > 0 and u_norm > 0 else 1.0
                p -= group["lr"] * ratio * u


class Adafactor(torch.optim.Optimizer):
    """N. Shazeer, M. Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018,
    algorithms 4 to 6, with what the transformers library lets one choose and its order of decay,
    momentum and scale. lr multiplies the relative step (the library takes either)."""

    def __init__(self, params, lr=1.0, eps=(1e-30, 1e-3), clip=1.0, decay_rate=-0.8, beta1=None,
                 weight_decay=0.0, scale_parameter=True, relative_step=True, warmup_init=False):
        super().__init__(params, {
            "lr": lr, "eps": eps, "clip": clip, "decay_rate": decay_rate, "beta1": beta1,
            "weight_decay": weight_decay, "scale_parameter": scale_parameter,
            "relative_step": relative_step, "warmup_init": warmup_init})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p, group, self.state[p])

    @staticmethod
    def update(p, group, s):
        t = s["t"] = s.get("t", 0) + 1
        rate = group["lr"]
        if group["relative_step"]:
            rate *= min(1e-6 * t if group["warmup_init"] else 1e-2, t ** -0.5)
        if group["scale_parameter"]:
            rate *= max(group["eps"][1], p.square().mean().sqrt().item())
        beta2 = 1 - t ** group["decay_rate"]
        squares = p.grad ** 2 + group["eps"][0]
        if p.dim() >= 2:
            s["row"] = beta2 * s.get("row", 0) + (1 - beta2) * squares.mean(-1)
            s["column"] = beta2 * s.get("column", 0) + (1 - beta2) * squares.mean(-2)
            row = s["row"] / s["row"].mean(-1, keepdim=True)
            v = row.unsqueeze(-1) * s["column"].unsqueeze(-2)
        else:
            v = s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * squares
        u = p.grad / v.sqrt()
        u = u / max(1.0, u.square().mean().sqrt().item() / group["clip"]) * rate
        if group["beta1"] is not None:
            u = s["m"] = group["beta1"] * s.get("m", 0) + (1 - group["beta1"]) * u
        p -= group["weight_decay"] * rate * p
        p -= u


def optimizers():
    o = torch.optim

    def one(kind, **options):
        return lambda *parameters: kind(list(parameters), **options)

    def two(kind, second, **options):
        """The last two parameters are in a group of their own."""
        return lambda *p: kind(
            [{"params": list(p[:2])}, {"params": list(p[2:]), **second}], **options)

    def nadam(*arguments, **options):
        # The default implementation of 1.13 multiplies the next momentum by one factor too many;
        # this one follows the documented formula, as does every later version.
        return o.NAdam(*arguments, **options, foreach=True)

    cases = {
        "sgd": trajectory(one(o.SGD, lr=0.05)),
        "sgdMomentumDampening":
            trajectory(one(o.SGD, lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.1)),
        "sgdNesterov": trajectory(two(
            o.SGD, {"lr": 0.01, "weight_decay": 0.2},
            lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01)),
        "sgdMaximize": trajectory(one(o.SGD, lr=0.02, momentum=0.9, maximize=True),
                                  maximizes=True),
        "sgdTwoGroupsSkipped": trajectory(two(
            o.SGD, {"momentum": 0.5, "weight_decay": 0.2}, lr=0.02, momentum=0.9, dampening=0.5),
            skips_bias=True),
        "adam": trajectory(one(o.Adam, lr=0.01)),
        "adamWeightDecay":
            trajectory(one(o.Adam, lr=0.01, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.1)),
        "adamSkipped": trajectory(one(o.Adam, lr=0.01), skips_bias=True),
        "adamAmsgrad": trajectory(two(
            o.Adam, {"lr": 0.02, "weight_decay": 0.1}, lr=0.01, betas=(0.9, 0.9), amsgrad=True)),
        "adamMaximize": trajectory(one(o.Adam, lr=0.01, maximize=True, weight_decay=0.1),
                                   maximizes=True),
        "adamW": trajectory(one(o.AdamW, lr=0.01)),
        "adamWAmsgradMaximize": trajectory(two(
            o.AdamW, {"lr": 0.1, "weight_decay": 0.0},
            lr=0.01, weight_decay=0.3, betas=(0.9, 0.95), amsgrad=True, maximize=True),
            maximizes=True),
        "nadam": trajectory(one(nadam)),
        "nadamTwoGroupsSkipped": trajectory(two(
            nadam, {"betas": (0.7, 0.95), "momentum_decay": 0.02, "weight_decay": 0.1},
            lr=0.01, eps=1e-6), skips_bias=True),
        "nadamOneCycle": trajectory(
            one(nadam, lr=0.01),
            make_scheduler=lambda x: o.lr_scheduler.OneCycleLR(x, 0.02, total_steps=201)),
        "radam": trajectory(one(o.RAdam, lr=0.01)),
        "radamTwoGroupsSkipped": trajectory(two(
            o.RAdam, {"betas": (0.7, 0.9), "weight_decay": 0.1}, lr=0.01, eps=1e-6),
            skips_bias=True),
        "rmsprop": trajectory(one(o.RMSprop)),
        "rmspropCentered": trajectory(one(
            o.RMSprop, lr=0.005, alpha=0.9, centered=True, weight_decay=0.1)),
        "rmspropMomentumMaximize": trajectory(two(
            o.RMSprop, {"momentum": 0.8, "eps": 1e-4}, lr=0.002, momentum=0.5, maximize=True),
            maximizes=True),
        "rmspropCenteredMomentumSkipped": trajectory(two(
            o.RMSprop, {"centered": False, "alpha": 0.95, "momentum": 0}, lr=0.002, momentum=0.9,
            centered=True, weight_decay=0.05), skips_bias=True),
        "adagrad": trajectory(one(o.Adagrad, lr=0.1)),
        "adagradDecayedMaximizeSkipped": trajectory(two(
            o.Adagrad, {"weight_decay": 0.1, "lr_decay": 0.0},
            lr=0.1, lr_decay=0.02, initial_accumulator_value=0.3, eps=1e-5, maximize=True),
            skips_bias=True, maximizes=True),
        "adadelta": trajectory(one(o.Adadelta)),
        "adadeltaTwoGroupsMaximizeSkipped": trajectory(two(
            o.Adadelta, {"rho": 0.7, "weight_decay": 0.1}, lr=2.0, eps=1e-5, maximize=True),
            skips_bias=True, maximizes=True),
        "lion": trajectory(one(Lion, lr=0.01)),
        "lionTwoGroupsSkipped": trajectory(two(
            Lion, {"betas": (0.8, 0.95), "weight_decay": 1.0}, lr=0.003, weight_decay=0.1),
            skips_bias=True),
        "lars": trajectory(one(Lars, lr=10.0)),
        "larsTwoGroupsSkipped": trajectory(two(
            Lars, {"trust": 0.0, "lr": 0.01}, lr=1.0, momentum=0.8, weight_decay=0.1, trust=0.01,
            nesterov=True), skips_bias=True),
        "larsWithoutMomentum": trajectory(one(Lars, lr=1.0, momentum=0.0, trust=0.02, eps=0.1)),
        "lamb": trajectory(one(Lamb, lr=0.01)),
        "lambTwoGroupsSkipped": trajectory(two(
            Lamb, {"weight_decay": 0.3, "betas": (0.8, 0.9)}, lr=0.02, eps=1e-4, weight_decay=0.0),
            skips_bias=True),
        "adafactor": trajectory(one(Adafactor)),
        "adafactorWarmup": trajectory(one(
            Adafactor, lr=100.0, warmup_init=True, beta1=0.9, weight_decay=0.1, clip=0.7)),
        "adafactorAbsoluteSkipped": trajectory(two(
            Adafactor, {"scale_parameter": True, "beta1": 0.8, "decay_rate": -0.5, "lr": 0.05},
            lr=0.01, relative_step=False, scale_parameter=False, weight_decay=0.1,
            eps=(1e-20, 1e-2)), skips_bias=True),
    }
    data = {
        name: {part: array(values) for part, values in parts.items()}
        for name, parts in problem().items()
    }
    write("optimizers.json", {"data": data, **cases})


# Schedules: the learning rate of the first group at every step, that of the second for the first
# ones; and the momentum of the first where it is cycled.

SECOND = 31


def schedules():
    def rates(make, steps=STEPS, kind=torch.optim.SGD, metric=None, momentum=None, **options):
        parameters = [torch.zeros(1, requires_grad=True) for _ in range(2)]
        optimizer = kind(
            [{"params": parameters[:1]}, {"params": parameters[1:], "lr": 0.01}], lr=0.5, **options)
        schedulers = make(optimizer)
        groups = optimizer.param_groups
        values = {"first": [groups[0]["lr"]], "second": [groups[1]["lr"]]}
        if momentum:
            values["momentum"] = [momentum(groups[0])]
        for step in range(1, steps + 1):
            optimizer.step()
            for scheduler in schedulers:
                scheduler.step(metric(step)) if metric else scheduler.step()
            values["first"].append(groups[0]["lr"])
            if step < SECOND:
                values["second"].append(groups[1]["lr"])
            if momentum:
                values["momentum"].append(momentum(groups[0]))
        return values

    lr = torch.optim.lr_scheduler
    sgd_momentum = {"momentum": lambda group: group["momentum"]}
    beta1 = {"kind": torch.optim.Adam, "momentum": lambda group: group["betas"][0]}
    falling = {"metric": lambda step: 1 / step + 0.01 * math.sin(step)}
    rising = {"metric": lambda step: step / (step + 20.0) + 0.05 * math.sin(2.0 * step)}

    def cyclic(**options):
        return lambda o: [lr.CyclicLR(o, **options)]

    def one_cycle(*arguments, **options):
        return lambda o: [lr.OneCycleLR(o, *arguments, **options)]

    def plateau(**options):
        return lambda o: [lr.ReduceLROnPlateau(o, **options)]

    write("schedules.json", {
        "step": rates(lambda o: [lr.StepLR(o, 40, 0.3)]),
        "multiStep": rates(lambda o: [lr.MultiStepLR(o, [120, 5, 60, 60], 0.4)]),
        "constant": rates(lambda o: [lr.ConstantLR(o, 0.25, 13)]),
        "exponential": rates(lambda o: [lr.ExponentialLR(o, 0.97)]),
        "linear": rates(lambda o: [lr.LinearLR(o, 0.01, 1.0, 150)]),
        "linearDown": rates(lambda o: [lr.LinearLR(o, 1.0, 0.0, 25)]),
        "polynomial": rates(lambda o: [lr.PolynomialLR(o, 150, 2.5)]),
        "polynomialStraight": rates(lambda o: [lr.PolynomialLR(o, 20)]),
        "cosine": rates(lambda o: [lr.CosineAnnealingLR(o, 70)]),
        "cosineWithMinimum": rates(lambda o: [lr.CosineAnnealingLR(o, 7, 0.001)]),
        "cosineOfPeriodOne": rates(lambda o: [lr.CosineAnnealingLR(o, 1)], steps=20),
        "cosineRestarts": rates(lambda o: [lr.CosineAnnealingWarmRestarts(o, 33)]),
        "cosineRestartsLonger":
            rates(lambda o: [lr.CosineAnnealingWarmRestarts(o, 10, 2, 0.002)]),
        "lambda": rates(lambda o: [lr.LambdaLR(o, lambda n: min(1.0, (n + 1) / 50))]),
        "oneCycle": rates(one_cycle(0.4, total_steps=201), **sgd_momentum),
        "oneCycleThreePhase": rates(
            one_cycle([0.4, 0.1], total_steps=210, pct_start=0.25, three_phase=True, div_factor=10,
                      final_div_factor=50, base_momentum=0.7, max_momentum=0.8), **beta1),
        "oneCycleLinear": rates(
            one_cycle(0.4, total_steps=201, anneal_strategy="linear", cycle_momentum=False)),
        "oneCycleLinearThreePhase": rates(
            one_cycle(0.4, total_steps=201, anneal_strategy="linear", three_phase=True),
            **sgd_momentum),
        "cyclicTriangular": rates(
            cyclic(base_lr=0.01, max_lr=[0.1, 0.2], step_size_up=20), **sgd_momentum),
        "cyclicTriangular2": rates(
            cyclic(base_lr=0.01, max_lr=0.1, step_size_up=20, step_size_down=11,
                   mode="triangular2", base_momentum=0.5, max_momentum=0.95), **sgd_momentum),
        "cyclicExpRange": rates(
            cyclic(base_lr=0.01, max_lr=0.1, step_size_up=17, mode="exp_range", gamma=0.99,
                   cycle_momentum=False)),
        "plateau": rates(plateau(patience=5), **falling),
        "plateauAbsolute": rates(
            plateau(factor=0.5, patience=3, threshold=0.01, threshold_mode="abs", cooldown=8,
                    min_lr=[0.01, 0.002]), **falling),
        "plateauMax": rates(
            plateau(mode="max", factor=0.8, patience=4, threshold=0.02, eps=1e-3), **rising),
        "plateauMaxAbsolute": rates(
            plateau(mode="max", factor=0.3, patience=2, threshold=0.03, threshold_mode="abs",
                    cooldown=3), **rising),
        "stepAndExponential":
            rates(lambda o: [lr.StepLR(o, 50, 0.5), lr.ExponentialLR(o, 0.99)]),
        "swa": rates(lambda o: [torch.optim.swa_utils.SWALR(o, 0.05, 12)], steps=20),
        "swaLinear": rates(
            lambda o: [torch.optim.swa_utils.SWALR(o, [0.05, 0.3], 12, "linear")], steps=20),
        "swaAtOnce": rates(lambda o: [torch.optim.swa_utils.SWALR(o, 0.05, 0)], steps=20),
        "swaAfterStep": rates(
            lambda o: [lr.StepLR(o, 5, 0.5), torch.optim.swa_utils.SWALR(o, 0.05, 30)], steps=40),
        "chained": rates(lambda o: [lr.ChainedScheduler(
            [lr.LinearLR(o, 0.1, 1.0, 30), lr.MultiStepLR(o, [80, 90], 0.5),
             lr.ExponentialLR(o, 0.99)])]),
        "sequential": rates(lambda o: [lr.SequentialLR(
            o, [lr.LinearLR(o, 0.01, 1.0, 25), lr.CosineAnnealingLR(o, 75),
                lr.ConstantLR(o, 0.1, 20), lr.StepLR(o, 10, 0.7)], [25, 100, 140])]),
    })


def clipping():
    torch.manual_seed(4)

    def normal(*shape):
        return (torch.randn(*shape) * 1000).round() / 1000

    gradients = [normal(3, 2), normal(5) * 10, normal(1, 1)]

    def clipped(clip, limit):
        parameters = [torch.zeros_like(g).requires_grad_() for g in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        norm = clip(parameters, limit)
        return {
            "limit": limit,
            "norm": None if norm is None else norm.item(),
            "gradients": [array(p.grad) for p in parameters],
        }

    by_norm, by_value = nn.utils.clip_grad_norm_, nn.utils.clip_grad_value_
    write("clipping.json", {
        "gradients": [array(g) for g in gradients],
        "byNorm": [clipped(by_norm, limit) for limit in (0.5, 10.0, 1000.0)],
        "byValue": [clipped(by_value, limit) for limit in (0.1, 2.0, 1000.0)],
    })


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    TARGET.mkdir(parents=True, exist_ok=True)
    for part in (optimizers, schedules, clipping):
        part()
