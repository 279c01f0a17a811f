"""What in a picture speaks for a class, to be looked at."""

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from strokes.networks.recognizer import class_heat
from strokes.reading.recognizer import FULL_INK, Pictures, Recognizer, top_digits
from train.recognizer.figures import shown_name


def heat_of(recognizer: Recognizer, picture: Pictures, number: int) -> npt.NDArray[np.float32]:
    """`strokes.networks.recognizer.class_heat` of one picture ``[H, W]``, its highest value 1.

    Raises:
      ValueError: another shape, or a network without convolutions.
    """
    shown = jnp.asarray(picture[None], jnp.float32) / FULL_INK[recognizer.facts["data"]]
    heat = np.asarray(class_heat(recognizer.config, recognizer.parameters, shown, number))[0]
    return np.asarray(heat / max(float(heat.max()), 1e-12))


def heat_figure(recognizer: Recognizer, picture: Pictures, numbers: list[int]) -> Figure:
    """A picture ``[H, W]``, and over it what speaks for each of some classes.

    Raises:
      ValueError: as `heat_of`.
    """
    chances = recognizer.probabilities(picture[None])[0]
    figure = Figure(figsize=(2.2 * (1 + len(numbers)), 2.6), layout="constrained")
    plain, *others = figure.subplots(1, 1 + len(numbers), squeeze=False)[0]
    (best, sure), *_ = top_digits(chances, count=1)
    names = recognizer.classes.names
    for axes in (plain, *others):
        axes.imshow(picture, cmap="gray_r")
        axes.axis("off")
    plain.set_title(f"read as {shown_name(names[best])}, {sure:.1%}", size=9)
    for axes, number in zip(others, numbers, strict=True):
        axes.imshow(heat_of(recognizer, picture, number), cmap="inferno", alpha=0.6, vmin=0, vmax=1)
        axes.set_title(f"for {shown_name(names[number])}, {chances[number]:.1%}", size=9)
    return figure
