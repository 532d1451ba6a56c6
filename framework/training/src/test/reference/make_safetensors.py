"""Writes the safetensors file that SafeTensorsReferenceTest reads.

Only the published format is used, https://github.com/huggingface/safetensors#format, no library of
anyone. Run it from this folder: python3 make_safetensors.py
"""

import json
import struct

# name, dtype, shape, struct format, values; in the order of their data
TENSORS = [
    ("labels", "I64", [3], "<3q", [0, -1, 2**62]),
    ("running_mean", "F64", [2], "<2d", [0.1, -1e300]),
    ("net.0.weight", "F32", [2, 3], "<6f", [1.0, -2.5, 3.25, 0.0, 1e-3, 6.0]),
    ("empty", "F32", [0, 4], "<0f", []),
    ("indices", "I32", [2, 1], "<2i", [7, -8]),
    ("bfloat", "BF16", [2], "<2H", [0x3F80, 0xC040]),  # 1, -3
    ("half", "F16", [2], "<2H", [0x3C00, 0xC200]),  # 1, -3
    ("scalar", "U8", [], "<1B", [200]),
    ("Gewichtsmaß/重み", "BOOL", [3], "<3?", [True, False, True]),
]

header = {"__metadata__": {"format": "pt", "made by": "make_safetensors.py"}}
data = b""
for name, dtype, shape, layout, values in TENSORS:
    raw = struct.pack(layout, *values)
    header[name] = {
        "dtype": dtype,
        "shape": shape,
        "data_offsets": [len(data), len(data) + len(raw)],
    }
    data += raw

text = json.dumps(header, ensure_ascii=False).encode("utf-8")
text += b" " * (-len(text) % 8)
with open("../resources/io/fulgur/checkpoint/reference.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
