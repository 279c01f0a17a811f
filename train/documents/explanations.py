"""The figures of docs/how-it-works.md: the rasterizer, stage by stage."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import expit

from rasterizer import CombineName, LineName, render
from train.documents.box_line import BoxStages, Place, box_stages

Picture = npt.NDArray[np.floating]

_INK, _LINE, _CROSSING = "#161c2d", "#2a6fdb", "#eb572d"
_START, _END = (0.15, 0.22), (0.84, 0.66)
_SIDE = 8
_DARKEST = 1.3  # of the grey that ink is shown by, so that lines on it are seen
_CRISP = float(np.exp(5.0))
_SEVEN = ((0.2, 0.2), (0.8, 0.2), (0.4, 0.9))
_NEAR_SEVEN = ((0.3, 0.27), (0.7, 0.28), (0.47, 0.8))
_RATE, _ARROW = 0.04, 0.8  # canvas units for a slope of 1: a step of descent, and an arrow


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(2.4 * count, 2.7), layout="constrained")
    return figure, list(np.atleast_1d(figure.subplots(1, count)))


def _canvas(axes: Axes, title: str, picture: Picture | None = None, *, grid: bool = True) -> None:
    """An empty canvas, or one with ink."""
    axes.set_title(title, fontsize=10, color=_INK)
    axes.set(xlim=(0, 1), ylim=(1, 0), aspect="equal", xticks=[], yticks=[])
    if picture is not None:
        axes.imshow(picture, cmap="Greys", vmin=0, vmax=_DARKEST, extent=(0, 1, 1, 0))
    for edge in np.linspace(0, 1, _SIDE + 1)[1:-1] if grid else ():
        axes.axhline(edge, color="#c9cdd8", linewidth=0.6)
        axes.axvline(edge, color="#c9cdd8", linewidth=0.6)


def _segment(axes: Axes) -> None:
    x, y = zip(_START, _END, strict=True)
    axes.plot(x, y, color=_LINE, linewidth=2, marker="o", markersize=4)


def _stages() -> BoxStages:
    return box_stages(_START, _END, softness=_CRISP, side=_SIDE)


def crossings() -> Figure:
    """A grid, a segment, and where its line crosses the middles of the columns."""
    figure, (grid, middles, crossed) = _panels(3)
    _canvas(grid, "8x8 pixels, a segment")
    _segment(grid)
    columns = (np.arange(_SIDE) + 0.5) / _SIDE
    for axes, title in ((middles, "middles of the columns"), (crossed, "the line crosses them")):
        _canvas(axes, title)
        axes.vlines(columns, 0, 1, color=_CROSSING, linewidth=0.8, linestyle="dashed")
        _segment(axes)
    found = _stages().columns.crossings
    crossed.axline(_START, _END, color=_LINE, linewidth=0.8)
    crossed.plot(columns, found, "o", color=_CROSSING, markersize=5)
    return figure


def columns() -> Figure:
    """The two masks of the columns, and their product."""
    figure, (before, after, both) = _panels(3)
    band = _stages().columns
    _canvas(before, "begins above the crossing", band.before)
    _canvas(after, "ends below the crossing", band.after)
    _canvas(both, "both: across", band.both)
    for axes in (before, after, both):
        axes.axline(_START, _END, color=_LINE, linewidth=0.8)
        axes.plot((np.arange(_SIDE) + 0.5) / _SIDE, band.crossings, ".", color=_CROSSING)
    return figure


def rows() -> Figure:
    """The two masks of the rows, and their product."""
    figure, (before, after, both) = _panels(3)
    band = _stages().rows
    _canvas(before, "begins left of the crossing", band.before)
    _canvas(after, "ends right of the crossing", band.after)
    _canvas(both, "both: down", band.both)
    for axes in (before, after, both):
        axes.axline(_START, _END, color=_LINE, linewidth=0.8)
        axes.plot(band.crossings, (np.arange(_SIDE) + 0.5) / _SIDE, ".", color=_CROSSING)
    return figure


def segment() -> Figure:
    """From the endless line to the segment."""
    figure, (line, rectangle, product) = _panels(3)
    stages = _stages()
    _canvas(line, "the brighter of both: a line", stages.line)
    _canvas(rectangle, "pixels of the segment's box", stages.rectangle)
    _canvas(product, "line times box: the segment", stages.segment)
    for axes in (line, rectangle, product):
        _segment(axes)
    return figure


def _points(places: Sequence[Place], log_softness: float) -> npt.NDArray[np.float32]:
    softness = np.full((len(places), 1), np.exp(log_softness))
    return np.hstack([np.array(places), softness]).astype(np.float32)


def _sevens(line: LineName, log_softnesses: Sequence[float]) -> npt.NDArray[np.float32]:
    """A 7 drawn with several softnesses, ``[n, 28, 28]``."""
    points = np.stack([_points(_SEVEN, log_softness) for log_softness in log_softnesses])
    return np.asarray(jax.jit(render, static_argnames="line")(points, line=line))


def softness() -> Figure:
    """The soft step, and a 7 drawn with several by the box line."""
    figure, (step, *drawings) = _panels(4)
    distance = np.linspace(-2 / 28, 2 / 28, 200)
    for log_softness, shade in zip((3, 4, 5, 6), ("#b9c4dd", "#8aa3d6", _LINE, _INK), strict=True):
        soft = expit(np.exp(log_softness) * distance)
        step.plot(28 * distance, soft, color=shade, label=str(log_softness))
    step.set_title("soft step", fontsize=10, color=_INK)
    step.set_xlabel("pixels of 28 from the edge", fontsize=8)
    step.tick_params(labelsize=8)
    step.legend(title="log-softness", fontsize=7, title_fontsize=7)
    shown = (4, 5, 6)
    for axes, log_softness, seven in zip(drawings, shown, _sevens("box", shown), strict=True):
        _canvas(axes, f"log-softness {log_softness}", seven, grid=False)
    return figure


def capsule() -> Figure:
    """The distance to a segment, and a 7 drawn with several softnesses by the capsule."""
    figure, (distance, *drawings) = _panels(4)
    y, x = np.mgrid[0:1:112j, 0:1:112j]
    way = np.subtract(_END, _START)
    along = np.clip(((x - _START[0]) * way[0] + (y - _START[1]) * way[1]) / (way @ way), 0, 1)
    far = np.hypot(x - _START[0] - along * way[0], y - _START[1] - along * way[1])
    _canvas(distance, "distance to the segment", grid=False)
    distance.contourf(x, y, far, levels=np.linspace(0, 0.9, 19), cmap="Greys_r")
    _segment(distance)
    shown = {2: "2: lifted", 3: "3", 5: "5"}
    sevens = _sevens("capsule", list(shown))
    for axes, said, seven in zip(drawings, shown.values(), sevens, strict=True):
        _canvas(axes, f"log-softness {said}", seven, grid=False)
    return figure


def combination() -> Figure:
    """Two strokes that cross, by sum and by maximum."""
    figure, (added, brightest, profile) = _panels(3)
    cross = _points(((0.2, 0.5), (0.8, 0.5), (0.5, 0.2), (0.5, 0.8)), 4.5)
    cross[1, 2] = 1.0  # lifted from the end of one to the beginning of the other
    draw = jax.jit(render, static_argnames="combine")
    names: tuple[CombineName, CombineName] = ("sum", "max")
    for axes, name, colour in zip((added, brightest), names, (_CROSSING, _LINE), strict=True):
        picture = np.asarray(draw(cross, combine=name))
        _canvas(axes, name, picture, grid=False)
        profile.plot(picture[14], color=colour, label=name)
    profile.set_title("ink along row 14", fontsize=10, color=_INK)
    profile.tick_params(labelsize=8)
    profile.legend(fontsize=8)
    return figure


def _descent(points: Picture, target: jax.Array, steps: int) -> tuple[Picture, Picture]:
    """Points before each step of gradient descent and after the last, and the gradients there."""

    @jax.grad
    def slope(places: jax.Array) -> jax.Array:
        return jnp.mean((render(places) - target) ** 2)

    def step(places: jax.Array, _: None) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
        down = slope(places).at[:, 2].set(0.0)
        return places - _RATE * down, (places, down)

    _, (path, slopes) = jax.jit(lambda begun: jax.lax.scan(step, begun, length=steps + 1))(points)
    return np.asarray(path), np.asarray(slopes)


def descent() -> Figure:
    """Three points that are pulled onto a picture of a 7."""
    target = jnp.asarray(_sevens("capsule", (5,))[0])
    shown = (0, 40, 120, 400)
    path, slopes = _descent(_points(_NEAR_SEVEN, 4.0), target, shown[-1])
    figure, canvases = _panels(len(shown))
    for axes, steps in zip(canvases, shown, strict=True):
        _canvas(axes, f"{steps} steps", 0.4 * np.asarray(target), grid=False)
        x, y = path[steps, :, :2].T
        axes.plot(x, y, color=_LINE, linewidth=2, marker="o", markersize=4)
        right, down = -_ARROW * slopes[steps, :, :2].T
        arrows = axes.quiver(x, y, right, down, angles="xy", scale_units="xy", scale=1, width=0.015)
        arrows.set(color=_CROSSING, zorder=3)
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    figure.__name__: figure
    for figure in (crossings, columns, rows, segment, softness, capsule, combination, descent)
}
"""Each figure by the name of its file."""
