"""Writes the reference values of the conformance suite, computed by PyTorch in double precision.

    python3 make_reference.py [family ...]

writes those families, or all, to ../main/resources/io/fulgur/conformance.
"""

import importlib
import pathlib
import sys

from reference import write_all

HERE = pathlib.Path(__file__).resolve().parent

for script in sorted((HERE / "families").glob("*.py")):
    importlib.import_module(f"families.{script.stem}")
write_all(HERE.parent / "main/resources/io/fulgur/conformance", sys.argv[1:])
