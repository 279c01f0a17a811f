"""What the tests of lines and combinations share."""

import jax
import pytest

from rasterizer import render

each_kind = pytest.mark.parametrize(
    ("line", "combine"),
    [(line, combine) for line in ("box", "capsule") for combine in ("max", "sum")],
)

drawn = jax.jit(render, static_argnames=("height", "width", "line", "combine"))
"""`render`, compiled: faster than its hundred operations one by one."""
