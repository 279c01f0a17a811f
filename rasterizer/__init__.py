"""Differentiable drawing of pen points. Needs nothing but JAX."""

from rasterizer.render import CombineName, LineName, pen_up, render

__all__ = ["CombineName", "LineName", "pen_up", "render"]
