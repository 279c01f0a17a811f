"""Slow, obvious oracles: what the fast code must equal."""

import jax
import jax.numpy as jnp


def box_line(x1, y1, softness, x2, y2, size=28):
    """One segment by Grzego's (2017) line model, step by step and without any shortcut.

    Scalars in, a ``[size, size]`` picture out. Every mask has a sigmoid of its own, and
    nothing is shared or separated.
    """

    def soften(value):
        return jax.nn.sigmoid(value * softness)

    step = 1.0 / size
    centres = jnp.linspace(0.5 * step, 1.0 - 0.5 * step, size)
    edges = jnp.linspace(0.0, 1.0, size + 1)

    dx, dy = x2 - x1, y2 - y1
    norm = jnp.sqrt(dx * dx + dy * dy + 1e-7)
    dx, dy = dx / norm, dy / norm

    # Where the line crosses the middle of each column, against each row's edges.
    crossing = (centres - x1) * (1.0 / (dx + 1e-8)) * dy + y1  # [column]
    below = soften(crossing[None, :] - edges[:, None])  # [edge, column]
    above = soften(edges[:, None] - crossing[None, :] + step)
    by_column = (below * above)[:-1, :]  # [row, column]

    # Where it crosses the middle of each row, against each column's edges.
    crossing = (centres - y1) * (1.0 / (dy + 1e-8)) * dx + x1  # [row]
    below = soften(crossing[None, :] - edges[:, None])  # [edge, row]
    above = soften(edges[:, None] - crossing[None, :] + step)
    by_row = (below * above)[:-1, :].T  # [row, column]

    mesh_x = jnp.broadcast_to(edges[None, :], (size + 1, size + 1))
    mesh_y = jnp.broadcast_to(edges[:, None], (size + 1, size + 1))
    rectangle = soften(mesh_x - jnp.minimum(x1, x2))
    rectangle *= soften(mesh_y - jnp.minimum(y1, y2))
    rectangle *= soften(jnp.maximum(x1, x2) - mesh_x + step)
    rectangle *= soften(jnp.maximum(y1, y2) - mesh_y + step)
    return jnp.maximum(by_column, by_row) * rectangle[1:, 1:]


def capsule_line(x1, y1, softness, x2, y2, size=28):
    """One segment by the capsule line, pixel by pixel as its definition reads."""
    half_width, pen_up, rate = 0.6 / 28, 3.0, 8.0
    centres = (jnp.arange(size) + 0.5) / size
    x, y = centres[None, :], centres[:, None]
    dx, dy = x2 - x1, y2 - y1
    along = jnp.clip(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy + 1e-12), 0.0, 1.0)
    gap_x, gap_y = x - (x1 + along * dx), y - (y1 + along * dy)
    distance = jnp.sqrt(gap_x**2 + gap_y**2 + 1e-12)
    # The lift is such that the middle of the line has logit 0, ink 1/2, at log-softness 3.
    offset = jnp.log(jnp.expm1(jnp.exp(pen_up) * half_width))
    lift = -jnp.log1p(jnp.exp(rate * (pen_up - jnp.log(softness)) + offset))
    return jax.nn.sigmoid(softness * (half_width - distance) + lift)


def draw(points, line, combine, size=28):
    """``[T, 3]`` points as a ``[size, size]`` picture, all segments at once."""
    segment = {"box": box_line, "capsule": capsule_line}[line]
    x, y, softness = points[:, 0], points[:, 1], points[:, 2]
    strokes = jax.vmap(lambda *ends: segment(*ends, size=size))(
        x[:-1], y[:-1], softness[:-1], x[1:], y[1:]
    )
    return strokes.max(0) if combine == "max" else strokes.sum(0)
