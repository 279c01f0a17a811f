"""Differentiable drawing of pen points. Needs nothing but JAX."""

from rasterizer.neural import NeuralLine, initial_neural_line, neural_logits
from rasterizer.render import PEN_UP, CombineName, LineName, pen_up, render

__all__ = [
    "PEN_UP",
    "CombineName",
    "LineName",
    "NeuralLine",
    "initial_neural_line",
    "neural_logits",
    "pen_up",
    "render",
]
