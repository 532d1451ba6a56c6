"""What the scripts of the families share: inputs, cases, and writing them.

The gradients are those of the sum over all floating-point outputs of sum(output * weight) with
weight[i] = 0.5 + 0.25 * (i mod 7), i counting row-major. Inputs are short binary fractions, so that
they are the same numbers in every floating-point type; cases that are not say which types they
are for.
"""

import json
import math

import torch

FLOATS = ["F32", "F64"]
SMALL = ["F32", "F64", "BF16", "F16"]
inf, nan = math.inf, math.nan
cases = {}


def values(*shape, lo=-2.0, hi=2.0, seed=0):
    """Scattered multiples of 1/16 in [lo, hi)."""
    n = math.prod(shape)
    steps = int((hi - lo) * 16)
    flat = [lo + ((i * 37 + seed * 11 + 5) % steps) / 16 for i in range(n)]
    return torch.tensor(flat, dtype=torch.float64).reshape(shape)


def distinct(*shape, seed=0, scale=0.125):
    """Scattered numbers, no two of them equal, for what is not smooth where two are."""
    n = math.prod(shape)
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(n, generator=generator)
    return ((order - n // 2).double() * scale).reshape(shape)


def tensor(data, dtype=torch.float64):
    return torch.tensor(data, dtype=dtype)


def numbers(t):
    def one(x):
        if isinstance(x, bool):
            return int(x)
        if isinstance(x, float):
            if math.isnan(x):
                return "NaN"
            if math.isinf(x):
                return "Infinity" if x > 0 else "-Infinity"
            if x == int(x) and abs(x) < 1e9 and not (x == 0 and math.copysign(1, x) < 0):
                return int(x)
        return x

    return [one(x) for x in t.reshape(-1).tolist()]


NAMES = {torch.float64: "FLOAT", torch.int64: "I64", torch.bool: "BOOL"}


def write(t):
    return None if t is None else {"dtype": NAMES[t.dtype], "shape": list(t.shape), "values": numbers(t)}


def is_floating(t):
    return t is not None and t.dtype == torch.float64


def fits_i32(tensors):
    return all(float(x) == int(x) and abs(x) < 1 << 31 for t in tensors for x in t.reshape(-1).tolist())


def case(family, op, function, inputs, args=(), types=None, grad=True, note="", differences=True):
    """Adds a case.

    inputs: tensors of float64 (any floating-point type), int64 or bool, or None for one left out
    args: the other arguments, a sequence or a dictionary
    types: the floating-point types that the case is for; I64 and I32 where no input is floating
    grad: whether gradients are compared
    differences: whether finite differences are a check of them: not at kinks
    """
    leaves = [None if t is None else t.clone().requires_grad_(grad and is_floating(t)) for t in inputs]
    out = function(*leaves, **args) if isinstance(args, dict) else function(*leaves, *args)
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    floating = [t for t in leaves if is_floating(t)]
    graded = [o for o in outs if o.dtype == torch.float64 and o.requires_grad]
    grads = None
    if grad and graded and floating:
        total = sum(
            (o * (0.5 + 0.25 * (torch.arange(o.numel()) % 7)).double().reshape(o.shape)).sum() for o in graded
        )
        found = torch.autograd.grad(total, floating, allow_unused=True)
        grads = [numbers(torch.zeros_like(t) if g is None else g) for t, g in zip(floating, found)]
    if isinstance(args, dict):
        told = ", ".join(f"{k}={v}" for k, v in args.items())
        told = f"({told})" if told else ""
        written = args
    else:
        told = str(list(args)) if args else ""
        written = numbers(torch.tensor(list(args), dtype=torch.float64))
    if types is None:
        present = [t for t in inputs if t is not None]
        if floating:
            types = SMALL
        else:
            types = ["I64", "I32"] if fits_i32(present + outs) else ["I64"]
    name = f"{op}{told} of " + ", ".join("none" if t is None else str(list(t.shape)) for t in inputs)
    entry = {
        "name": name + (f", {note}" if note else ""),
        "op": op,
        "args": written,
        "types": types,
        "inputs": [write(t) for t in inputs],
        "outputs": [write(o.detach()) for o in outs],
    }
    if grads is not None:
        entry["grads"] = grads
    if not differences:
        entry["differences"] = False
    cases.setdefault(family, []).append(entry)


def write_all(folder, families):
    for family, entries in cases.items():
        if not families or family in families:
            with open(f"{folder}/{family}.json", "w") as f:
                f.write("[\n" + ",\n".join(json.dumps(e) for e in entries) + "\n]\n")
            print(family, len(entries))
