"""Differentiable drawing of pen points. Needs nothing but JAX."""

from rasterizer.lines import LINES
from rasterizer.render import CombineName, LineName, pen_up, render

__all__ = ["LINES", "CombineName", "LineName", "pen_up", "render"]
