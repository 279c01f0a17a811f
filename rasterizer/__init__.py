"""Differentiable drawing of pen points. Needs nothing but JAX, which is loaded on first use."""

import importlib
from typing import TYPE_CHECKING, Any

from rasterizer.names import PEN_UP, CombineName, CurveName, LineName

if TYPE_CHECKING:
    from rasterizer.curves import subdivide, subdivide_flags
    from rasterizer.neural import NeuralLine, initial_neural_line, neural_logits
    from rasterizer.rendering import pen_up, render

__all__ = [
    "PEN_UP",
    "CombineName",
    "CurveName",
    "LineName",
    "NeuralLine",
    "initial_neural_line",
    "neural_logits",
    "pen_up",
    "render",
    "subdivide",
    "subdivide_flags",
]

_HOMES = {
    "NeuralLine": "neural",
    "initial_neural_line": "neural",
    "neural_logits": "neural",
    "pen_up": "rendering",
    "render": "rendering",
    "subdivide": "curves",
    "subdivide_flags": "curves",
}


def __getattr__(name: str) -> Any:
    """Load what needs JAX when it is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"rasterizer.{_HOMES[name]}"), name)
