"""Convolutions, pooling, normalisation, padding and resampling."""

import torch
import torch.nn.functional as F

from reference import FLOATS, SMALL, case, distinct, inf, nan, tensor, values


def small(*shape, seed=0):
    return values(*shape, lo=-1.0, hi=1.0, seed=seed)


# ---------------------------------------------------------------- convolution


def conv(op, function, x, w, bias=False, transposed=False, note="", types=None, **args):
    groups = args.get("groups", 1)
    channels = w[1] * groups if transposed else w[0]
    inputs = [small(*x, seed=1), small(*w, seed=2)] + ([small(channels, seed=3)] if bias else [])
    case("convolution", op, function, inputs, args, note=note, types=types)


conv("conv1d", F.conv1d, (2, 3, 7), (4, 3, 3), bias=True)
conv("conv1d", F.conv1d, (2, 4, 9), (6, 2, 3), stride=2, padding=2, dilation=2, groups=2)
conv("conv1d", F.conv1d, (1, 1, 1), (1, 1, 1), bias=True)
conv("conv1d", F.conv1d, (0, 3, 7), (4, 3, 3), bias=True)
conv("conv1d", F.conv1d, (3, 7), (4, 3, 3), note="no batch")
conv("conv1d", F.conv1d, (2, 2, 6), (3, 2, 4), padding="same")

conv("conv2d", F.conv2d, (2, 3, 5, 6), (4, 3, 3, 3), bias=True)
conv("conv2d", F.conv2d, (2, 3, 5, 6), (4, 3, 3, 3))
conv("conv2d", F.conv2d, (2, 3, 6, 7), (4, 3, 3, 3), bias=True, stride=2, padding=1)
conv("conv2d", F.conv2d, (1, 2, 7, 5), (3, 2, 3, 2), stride=[2, 1], padding=[0, 1], dilation=[1, 2])
conv("conv2d", F.conv2d, (2, 4, 5, 5), (6, 2, 3, 3), bias=True, padding=1, groups=2)
conv("conv2d", F.conv2d, (2, 3, 5, 4), (3, 1, 3, 3), bias=True, padding=1, groups=3, note="depthwise")
conv("conv2d", F.conv2d, (2, 2, 5, 4), (6, 1, 3, 3), stride=2, padding=1, groups=2, note="depthwise")
conv("conv2d", F.conv2d, (1, 3, 4, 4), (2, 3, 1, 1), bias=True)
conv("conv2d", F.conv2d, (1, 3, 5, 5), (2, 3, 1, 1), stride=2)
conv("conv2d", F.conv2d, (1, 1, 1, 1), (1, 1, 1, 1), bias=True)
conv("conv2d", F.conv2d, (1, 1, 1, 1), (2, 1, 3, 3), padding=1)
conv("conv2d", F.conv2d, (0, 3, 5, 6), (4, 3, 3, 3), bias=True)
conv("conv2d", F.conv2d, (3, 5, 6), (4, 3, 3, 3), bias=True, note="no batch")
conv("conv2d", F.conv2d, (2, 2, 5, 6), (3, 2, 3, 4), bias=True, padding="same", dilation=[1, 2])
conv("conv2d", F.conv2d, (1, 1, 9, 8), (2, 1, 5, 5), bias=True, padding=2)
conv("conv2d", F.conv2d, (1, 1, 8, 8), (1, 1, 3, 3), stride=3, note="a rest that no window sees")

conv("conv3d", F.conv3d, (1, 2, 3, 4, 5), (3, 2, 2, 3, 2), bias=True)
conv("conv3d", F.conv3d, (2, 2, 3, 4, 3), (2, 1, 2, 2, 2), stride=[1, 2, 1], padding=1, groups=2)
conv("conv3d", F.conv3d, (0, 1, 3, 3, 3), (1, 1, 2, 2, 2), bias=True)
conv("conv3d", F.conv3d, (1, 1, 3, 5, 3), (2, 1, 2, 2, 2), dilation=[1, 2, 1])

conv("convTranspose1d", F.conv_transpose1d, (2, 3, 5), (3, 2, 3), bias=True, transposed=True)
conv(
    "convTranspose1d",
    F.conv_transpose1d,
    (1, 4, 5),
    (4, 1, 3),
    bias=True,
    transposed=True,
    stride=2,
    padding=1,
    output_padding=1,
    groups=2,
)
conv("convTranspose1d", F.conv_transpose1d, (0, 3, 5), (3, 2, 3), bias=True, transposed=True)
conv("convTranspose2d", F.conv_transpose2d, (2, 3, 3, 4), (3, 2, 3, 3), bias=True, transposed=True)
conv("convTranspose2d", F.conv_transpose2d, (2, 3, 4, 4), (3, 2, 2, 2), transposed=True, stride=2)
conv(
    "convTranspose2d",
    F.conv_transpose2d,
    (1, 4, 3, 3),
    (4, 2, 3, 2),
    bias=True,
    transposed=True,
    stride=[2, 3],
    padding=[1, 0],
    output_padding=[1, 2],
    groups=2,
    dilation=[2, 1],
)
conv("convTranspose2d", F.conv_transpose2d, (1, 1, 1, 1), (1, 1, 4, 4), transposed=True, padding=1)
conv("convTranspose2d", F.conv_transpose2d, (0, 3, 3, 4), (3, 2, 3, 3), bias=True, transposed=True)
conv("convTranspose2d", F.conv_transpose2d, (3, 3, 4), (3, 2, 3, 3), bias=True, transposed=True, note="no batch")
conv("convTranspose3d", F.conv_transpose3d, (1, 2, 2, 3, 2), (2, 2, 2, 2, 3), bias=True, transposed=True, stride=2)
conv("convTranspose3d", F.conv_transpose3d, (0, 2, 2, 3, 2), (2, 2, 2, 2, 3), bias=True, transposed=True)

UNFOLDS = [
    ((2, 2, 4, 5), dict(kernel_size=[2, 3])),
    ((1, 2, 5, 6), dict(kernel_size=[3, 2], stride=[2, 1], padding=1, dilation=[1, 2])),
    ((1, 1, 1, 1), dict(kernel_size=[1, 1])),
    ((0, 2, 4, 5), dict(kernel_size=[2, 3])),
]
for shape, args in UNFOLDS:
    case("convolution", "unfold", F.unfold, [values(*shape)], args)
    columns = F.unfold(torch.zeros((1,) + shape[1:], dtype=torch.float64), **args).shape
    case(
        "convolution",
        "fold",
        lambda x, output_size, **rest: F.fold(x, output_size, **rest),
        [values(shape[0], *columns[1:])],
        dict(output_size=list(shape[2:]), **args),
    )

# ---------------------------------------------------------------- pooling

POOLS = {
    1: [
        ((2, 3, 7), dict(kernel_size=2)),
        ((1, 2, 9), dict(kernel_size=3, stride=2, padding=1)),
        ((1, 1, 8), dict(kernel_size=3, stride=3, ceil_mode=True)),
        ((2, 7), dict(kernel_size=2)),
        ((1, 1, 1), dict(kernel_size=1)),
        ((0, 3, 7), dict(kernel_size=2)),
    ],
    2: [
        ((2, 3, 4, 6), dict(kernel_size=2)),
        ((2, 2, 5, 7), dict(kernel_size=2)),
        ((2, 2, 5, 6), dict(kernel_size=3, stride=2, padding=1)),
        ((1, 2, 7, 6), dict(kernel_size=[3, 2], stride=[1, 2], padding=[1, 0])),
        ((1, 2, 6, 5), dict(kernel_size=2, stride=2, padding=1, ceil_mode=True)),
        ((1, 1, 7, 7), dict(kernel_size=3, stride=2, ceil_mode=True)),
        ((1, 1, 1, 1), dict(kernel_size=1)),
        ((2, 1, 4, 4), dict(kernel_size=4)),
        ((0, 3, 4, 6), dict(kernel_size=2)),
        ((2, 4, 5), dict(kernel_size=2)),
    ],
    3: [
        ((1, 2, 3, 4, 5), dict(kernel_size=2)),
        ((1, 1, 4, 5, 4), dict(kernel_size=[2, 3, 2], stride=[1, 2, 2], padding=[0, 1, 1])),
        ((0, 2, 3, 4, 5), dict(kernel_size=2)),
        ((1, 1, 2, 2, 1), dict(kernel_size=1)),
    ],
}
MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVG = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
for rank, entries in POOLS.items():
    for seed, (shape, args) in enumerate(entries):
        # PyTorch has no pooling of empty batches in every version; without gradients they are empty.
        case("pooling", f"maxPool{rank}d", MAX[rank], [distinct(*shape, seed=seed)], args)
        case("pooling", f"avgPool{rank}d", AVG[rank], [distinct(*shape, seed=seed)], args)
case("pooling", "maxPool2d", F.max_pool2d, [distinct(1, 2, 8, 7)], dict(kernel_size=3, stride=1, dilation=2))
case("pooling", "maxPool1d", F.max_pool1d, [distinct(1, 2, 9)], dict(kernel_size=3, dilation=3, padding=1))
case("pooling", "maxPool2d", F.max_pool2d, [-values(1, 1, 4, 4, lo=1, hi=3)], dict(kernel_size=3, stride=2, padding=1), note="below zero", differences=False)
case(
    "pooling",
    "maxPool2d",
    F.max_pool2d,
    [tensor([[[[nan, 1.0, 2.0, 3.0], [0.0, 1.0, nan, 1.0], [inf, 1.0, -inf, -inf], [0.0, 2.0, -inf, -inf]]]])],
    dict(kernel_size=2),
    grad=False,
    types=FLOATS,
    note="extremes",
)
case("pooling", "maxPool2d", F.max_pool2d, [torch.ones(1, 1, 4, 4, dtype=torch.float64)], dict(kernel_size=2), note="ties", differences=False)
case("pooling", "maxPool2d", F.max_pool2d, [distinct(1, 1, 18, 17)], dict(kernel_size=17), note="windows of more than 256")
for args in [dict(count_include_pad=False), dict(count_include_pad=False, ceil_mode=True), dict(ceil_mode=True)]:
    full = dict(kernel_size=3, stride=2, padding=1, **args)
    case("pooling", "avgPool2d", F.avg_pool2d, [values(1, 2, 6, 5)], full)
    case("pooling", "avgPool1d", F.avg_pool1d, [values(1, 2, 6)], full)
    case("pooling", "avgPool3d", F.avg_pool3d, [values(1, 1, 4, 3, 4)], full)
for shape, args in [
    ((2, 2, 4, 6), dict(kernel_size=2)),
    ((1, 2, 7, 6), dict(kernel_size=[3, 2], stride=[1, 2], padding=[1, 0], dilation=[2, 1])),
    ((1, 1, 1, 1), dict(kernel_size=1)),
    ((0, 1, 4, 6), dict(kernel_size=2)),
    ((2, 4, 5), dict(kernel_size=2)),
]:
    case(
        "pooling",
        "maxPool2dWithIndices",
        lambda x, **a: F.max_pool2d(x, return_indices=True, **a),
        [distinct(*shape)],
        args,
    )
ADAPTIVE = {
    1: [((2, 3, 8), [4]), ((1, 2, 7), [3]), ((2, 5), [2]), ((1, 1, 1), [1]), ((0, 2, 7), [3])],
    2: [
        ((2, 3, 4, 6), [2, 3]),
        ((2, 2, 5, 7), [3, 4]),
        ((2, 2, 5, 4), [1, 1]),
        ((1, 1, 3, 3), [5, 4]),
        ((0, 3, 4, 6), [2, 3]),
        ((2, 4, 5), [2, 2]),
    ],
    3: [((1, 2, 3, 4, 5), [2, 2, 3]), ((1, 1, 4, 4, 4), [2, 2, 2]), ((0, 1, 3, 4, 5), [2, 2, 3])],
}
ADAPTIVE_AVG = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
ADAPTIVE_MAX = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
for rank, entries in ADAPTIVE.items():
    for shape, size in entries:
        args = dict(output_size=size)
        case("pooling", f"adaptiveAvgPool{rank}d", ADAPTIVE_AVG[rank], [values(*shape)], args)
        case("pooling", f"adaptiveMaxPool{rank}d", ADAPTIVE_MAX[rank], [distinct(*shape)], args)

# ---------------------------------------------------------------- normalisation


def batch_norm(x, weight=None, bias=None, eps=1e-3):
    return F.batch_norm(x, None, None, weight, bias, training=True, eps=eps)


def vectors(n, count, seed=5):
    return [small(n, seed=seed + i) + (1.5 if i == 0 else 0) for i in range(count)]


CHANNELS = [(4, 3), (2, 3, 4), (3, 2, 3, 2), (2, 1, 1, 2), (2, 2, 2, 3, 2)]
for shape in CHANNELS:
    for count in [0, 2]:
        case("normalization", "batchNorm", batch_norm, [values(*shape)] + vectors(shape[1], count), dict(eps=1e-3))
case("normalization", "batchNorm", batch_norm, [values(3, 2, 3) / 8 + 1000] + vectors(2, 2), dict(eps=1e-3), types=FLOATS, note="far from 0", differences=False)


def running(x, mean, variance, weight=None, bias=None, momentum=0.1, eps=1e-3):
    m, v = mean.detach().clone(), variance.detach().clone()
    y = F.batch_norm(x, m, v, weight, bias, training=True, momentum=momentum, eps=eps)
    return y, m, v, tensor(5, torch.int64)


for shape in CHANNELS:
    case(
        "normalization",
        "batchNormRunning",
        running,
        [values(*shape), small(shape[1], seed=7), small(shape[1], seed=8) + 1.5] + vectors(shape[1], 2),
        dict(momentum=0.25, eps=1e-3),
        grad=False,
    )
for shape in CHANNELS + [(0, 3), (0, 2, 3, 2)]:
    for count in [0, 2]:
        case(
            "normalization",
            "batchNormInference",
            lambda x, m, v, w=None, b=None, eps=1e-3: F.batch_norm(x, m.detach(), v.detach(), w, b, training=False, eps=eps),
            [values(*shape), small(shape[1], seed=7), small(shape[1], seed=8) + 1.5] + vectors(shape[1], count),
            dict(eps=1e-3),
            differences=False,
        )
for shape, groups in [((2, 4, 3), 2), ((2, 6, 2, 3), 3), ((1, 3, 2, 2), 1), ((3, 2, 5), 2), ((0, 4, 3), 2), ((3, 4), 2), ((1, 1, 4), 1)]:
    for count in [0, 2]:
        case(
            "normalization",
            "groupNorm",
            lambda x, *rest, groups, eps: F.group_norm(x, groups, *rest, eps=eps),
            [values(*shape)] + vectors(shape[1], count),
            dict(groups=groups, eps=1e-3),
        )
for shape in [(2, 3, 4), (2, 2, 3, 3), (1, 1, 2, 2, 2)]:
    for count in [0, 2]:
        case(
            "normalization",
            "instanceNorm",
            lambda x, w=None, b=None, eps=1e-3: F.instance_norm(x, weight=w, bias=b, eps=eps),
            [values(*shape)] + vectors(shape[1], count),
            dict(eps=1e-3),
        )


def rms_norm(x, weight=None, normalized=None, eps=1e-3):
    dims = tuple(range(-len(normalized), 0))
    y = x / torch.sqrt((x * x).mean(dims, keepdim=True) + eps)
    return y if weight is None else y * weight


for shape, normalized in [((3, 4), [4]), ((2, 3, 4), [3, 4]), ((5,), [5]), ((2, 3, 1), [1]), ((0, 4), [4])]:
    case("normalization", "rmsNorm", rms_norm, [values(*shape)], dict(normalized=normalized, eps=1e-3))
    case("normalization", "rmsNorm", rms_norm, [values(*shape), small(*normalized, seed=4) + 1.5], dict(normalized=normalized, eps=1e-3), types=FLOATS if normalized == [1] else None)
for shape in [(2, 5, 3), (1, 4, 2, 3), (2, 1, 3), (0, 3, 2)]:
    case(
        "normalization",
        "localResponseNorm",
        F.local_response_norm,
        [values(*shape)],
        dict(size=3, alpha=0.5, beta=0.75, k=1.5),
    )
case("normalization", "localResponseNorm", F.local_response_norm, [values(1, 6, 2)], dict(size=4, alpha=0.5, beta=0.75, k=1.5))

# ---------------------------------------------------------------- padding and resampling

PADS = [((2, 3), [1, 2]), ((2, 3, 4), [1, 2, 2, 0]), ((1, 2, 3, 4), [3, 2, 1, 2]), ((2, 1, 4), [2, 3])]
for shape, pad in PADS + [((0, 3), [1, 2]), ((2, 3), [-1, 2]), ((3, 4), [-1, -1, 2, -2]), ((), []), ((2, 3), [1, 0, 0, 1])]:
    case("resampling", "padConstant", lambda x, pad, value: F.pad(x, pad, value=value), [values(*shape)], dict(pad=pad, value=1.5))
MODES = {"padReflect": "reflect", "padReplicate": "replicate", "padCircular": "circular"}
for op, mode in MODES.items():
    shapes = [((2, 1, 4), [3, 2]), ((1, 2, 3, 4), [3, 2, 1, 2]), ((2, 3, 5), [1, 0]), ((1, 1, 3, 4, 3), [1, 2, 2, 0, 1, 1])]
    for shape, pad in shapes:
        case("resampling", op, lambda x, pad, mode=mode: F.pad(x, pad, mode=mode), [values(*shape)], dict(pad=pad))
    empty = lambda x, pad: x.new_zeros(0, 2, 4 + sum(pad)) + 0 * x.sum()
    case("resampling", op, empty, [values(0, 2, 4)], dict(pad=[1, 2]))

for shape, size in [((2, 3, 4), [7]), ((1, 2, 3, 4), [6, 8]), ((1, 1, 5, 7), [3, 9]), ((1, 2, 2, 3, 2), [4, 2, 5]), ((1, 1, 1), [3]), ((0, 2, 3), [6])]:
    args = dict(size=size)
    modes = {3: "linear", 4: "bilinear", 5: "trilinear"}
    empty = 0 in shape
    case("resampling", "nearest", (lambda x, size: x.new_zeros(x.shape[:2] + tuple(size)) + 0 * x.sum()) if empty else (lambda x, size: F.interpolate(x, size, mode="nearest")), [values(*shape)], args)
    for corners in [False, True]:
        case(
            "resampling",
            "linear",
            (lambda x, size, align_corners: x.new_zeros(x.shape[:2] + tuple(size)) + 0 * x.sum())
            if empty
            else (lambda x, size, align_corners: F.interpolate(x, size, mode=modes[x.dim()], align_corners=align_corners)),
            [values(*shape)],
            dict(align_corners=corners, **args),
        )


def shuffle(x, r):
    c, h, w = x.shape[-3:]
    y = x.reshape(x.shape[:-3] + (c // r // r, r, r, h, w))
    return y.movedim((-4, -3), (-3, -1)).reshape(x.shape[:-3] + (c // r // r, h * r, w * r))


def unshuffle(x, r):
    c, h, w = x.shape[-3:]
    y = x.reshape(x.shape[:-3] + (c, h // r, r, w // r, r))
    return y.movedim((-3, -1), (-4, -3)).reshape(x.shape[:-3] + (c * r * r, h // r, w // r))


# PyTorch's own give an empty batch a wrong shape.
for shape, r in [((2, 8, 2, 3), 2), ((9, 1, 2), 3), ((1, 4, 1, 1), 2), ((0, 4, 2, 2), 2), ((1, 2, 3, 2), 1)]:
    x = values(*shape)
    assert 0 in shape or torch.equal(shuffle(x, r), F.pixel_shuffle(x, r))
    case("resampling", "pixelShuffle", shuffle, [x], [r])
for shape, r in [((2, 2, 4, 6), 2), ((1, 3, 6), 3), ((1, 1, 2, 2), 2), ((0, 1, 4, 4), 2)]:
    x = values(*shape)
    assert 0 in shape or torch.equal(unshuffle(x, r), F.pixel_unshuffle(x, r))
    case("resampling", "pixelUnshuffle", unshuffle, [x], [r])
