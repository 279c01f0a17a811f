"""The names of lines, combinations and curves, and where each line lifts the pen. Loads no JAX.

A new line is named here, with its pen-up, and modelled in `rasterizer.lines`; a new curve is
named here and defined in `rasterizer.curves`.
"""

from typing import Literal

LineName = Literal["box", "capsule", "neural"]
CombineName = Literal["sum", "max"]
CurveName = Literal["line", "catmull-rom", "bezier"]

PEN_UP: dict[LineName, float] = {
    "box": 4.0,  # as the reference
    "capsule": 3.0,  # the middle of a capsule has ink 1/2 here; below, it fades to paper
    "neural": 4.0,  # the pen's input is 1/2 here: lifted and pressed alike
}
"""Log-softness at and below which each line lifts the pen."""
