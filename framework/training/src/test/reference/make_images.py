"""Writes what PyTorch and the formulas of torchvision's functional transforms make of small images.

Usage: python3 make_images.py    (needs torch >= 1.13, numpy and Pillow)

Resizing is torch.nn.functional.interpolate(antialias=True) on floats, and Pillow's own on bytes;
affine maps are torchvision's matrix through grid_sample; hues are turned with colorsys.
"""

import colorsys
import json
import math
import pathlib

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

OUT = pathlib.Path(__file__).parent.parent / "resources/io/fulgur/data/image/transforms.json"
GREY = torch.tensor([0.2989, 0.587, 0.114], dtype=torch.float64).view(3, 1, 1)


def flat(tensor):
    return [round(float(v), 7) for v in tensor.reshape(-1)]


def resize(image, height, width):
    out = F.interpolate(image[None], (height, width), mode="bilinear", antialias=True, align_corners=False)
    return {"height": height, "width": width, "values": flat(out[0])}


def pillow(pixels, height, width):
    out = Image.fromarray(pixels).resize((width, height), Image.BILINEAR)
    return {"height": height, "width": width, "values": np.asarray(out).reshape(-1).tolist()}


def inverse_matrix(angle, translate, scale, shear):
    rot, sx = math.radians(angle), math.radians(shear)
    a, b = math.cos(rot), -math.cos(rot) * math.tan(sx) - math.sin(rot)
    c, d = math.sin(rot), -math.sin(rot) * math.tan(sx) + math.cos(rot)
    m = [v / scale for v in (d, -b, 0.0, -c, a, 0.0)]
    m[2] += m[0] * -translate[0] + m[1] * -translate[1]
    m[5] += m[3] * -translate[0] + m[4] * -translate[1]
    return m


def affine(image, angle, right, down, scale, shear):
    h, w = image.shape[-2:]
    theta = torch.tensor(inverse_matrix(angle, (right, down), scale, shear), dtype=torch.float64).view(1, 2, 3)
    base = torch.empty(1, h, w, 3, dtype=torch.float64)
    base[..., 0] = torch.linspace(-w * 0.5 + 0.5, w * 0.5 - 0.5, w)
    base[..., 1] = torch.linspace(-h * 0.5 + 0.5, h * 0.5 - 0.5, h).unsqueeze(-1)
    base[..., 2] = 1
    rescaled = theta.transpose(1, 2) / torch.tensor([0.5 * w, 0.5 * h], dtype=torch.float64)
    grid = base.view(1, h * w, 3).bmm(rescaled).view(1, h, w, 2)
    out = F.grid_sample(image[None], grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return {"parameters": [angle, right, down, scale, shear], "values": flat(out[0])}


def blend(image, other, factor):
    return (factor * image + (1 - factor) * other).clamp(0, 1)


def hue(image, turn):
    out = image.clone()
    for y in range(image.shape[1]):
        for x in range(image.shape[2]):
            h, s, v = colorsys.rgb_to_hsv(*image[:, y, x].tolist())
            out[:, y, x] = torch.tensor(colorsys.hsv_to_rgb((h + turn) % 1, s, v))
    return out


torch.manual_seed(1)
image = torch.rand(3, 9, 7, dtype=torch.float64)
image = (image * 1000).round() / 1000
grey = (GREY * image).sum(0, keepdim=True)
pixels = np.random.default_rng(1).integers(0, 256, (11, 8), dtype=np.uint8)
reference = {
    "image": flat(image),
    "resize": [resize(image, *size) for size in [(4, 3), (12, 10), (9, 3), (5, 7), (20, 2)]],
    "pixels": pixels.reshape(-1).tolist(),
    "pillow": [pillow(pixels, *size) for size in [(5, 4), (3, 8), (14, 11)]],
    "affine": [
        affine(image, *parameters)
        for parameters in [(30, 0, 0, 1, 0), (0, 2, -1, 1, 0), (0, 0, 0, 1.5, 0), (0, 0, 0, 1, 20), (-75, 1, 2, 0.7, -15)]
    ],
    "brightness": [{"factor": f, "values": flat((image * f).clamp(0, 1))} for f in (0.4, 1.7)],
    "contrast": [{"factor": f, "values": flat(blend(image, grey.mean(), f))} for f in (0.2, 2.5)],
    "saturation": [{"factor": f, "values": flat(blend(image, grey, f))} for f in (0.0, 0.5, 3.0)],
    "hue": [{"factor": f, "values": flat(hue(image, f))} for f in (-0.5, -0.1, 0.25, 0.5)],
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
