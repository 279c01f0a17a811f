"""A trained model that writes digits, or other classes: pictures in, strokes out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from rasterizer import NeuralLine, initial_neural_line
from strokes.classes import DIGITS, Classes, classes_of
from strokes.errors import DataError
from strokes.facts import UNUSABLE, whole
from strokes.figures.animation import StrokeFigure
from strokes.networks.stack import Parameters, parameter_shapes
from strokes.pictures.thinning import thin
from strokes.reading.recognizer import load_recognizer
from strokes.weights import GREY_RECOGNIZER, SHIPPED_WRITER, THINNED_RECOGNIZER
from strokes.weights.files import load_facts, load_weights, save_weights
from strokes.writing.config import WriterConfig
from strokes.writing.config_files import writer_config
from strokes.writing.drawing import draw
from strokes.writing.inference import Labels, Pictures, Written, concatenated, write_digits
from strokes.writing.plans import Plans, gate_shapes, gate_tree, plan_facts

Grey = npt.NDArray[np.uint8]

WRITER_FILE = "writer.safetensors"
"""In the folder of a run: its writer, as it was at the end of the last epoch so far."""

_EIGHT_BITS = ("picture_kernel.value", "gate.dense.kernel.value")
"""Half of all weights; of what is written then, 99 of 100 points move by less than 1/100 pixel, and
a plan's probability by 0.002 at most."""


class Writer(NamedTuple):
    """Parameters with the configuration that they belong to. `strokes.load` gives one."""

    config: WriterConfig
    parameters: Parameters
    step: int
    """Training steps done."""
    facts: dict[str, Any]
    """What else is known of it; above all ``config``, that of its training."""
    neural_line: NeuralLine | None = None
    """Weights of that line, if the writer draws with it."""
    plans: Plans | None = None
    """The plans that its decoders are told, if they are told any."""
    classes: Classes = DIGITS
    """What it writes."""

    def write(
        self,
        pictures: npt.ArrayLike,
        labels: npt.ArrayLike | None = None,
        *,
        refine: int = 0,
        alternatives: int = 1,
        plan: int | None = None,
    ) -> Written:
        """Write pictures of single characters, prepared as MNIST's are.

        Args:
          pictures: ``[H, W]`` or ``[N, H, W]`` of the size that the decoders read (28x28), N at
            least 1: uint8 0 to 255, bool, uint8 of 0 and 1, or float in [0, 1]; ink is bright.
            Grey pictures are thinned; thinned ones stay as they are. For photos see
            `strokes.read`.
          labels: of each picture, or of one, its class: names of `classes`, or their numbers, which
            of digits are the digits. Digits are read off the pictures if not given.
          refine: steps of gradient descent that move the points onto the ink; 0 for none.
          alternatives: write each picture in so many ways, by its likeliest plans, best first;
            in fewer where its class has fewer. ``picture_index`` says whose each is.
          plan: write by the plan of this number, from 0, whatever the picture tells.

        Returns:
          what was written, for N pictures, also where N is 1, each with its plan's probability.

        Raises:
          DataError: pictures of another shape or range, a blank one, labels of another kind or
            none where they are needed, or a plan that a class does not have.
        """
        grey = self._checked_pictures(pictures)
        thinned = thin(grey)
        empty = np.flatnonzero(~thinned.any(axis=(1, 2)))
        if len(empty):
            raise DataError(f"picture {empty[0] + 1}: nothing is left of it when thinned")
        if labels is None:
            told = self._read(grey, thinned)
        else:
            told = _checked_labels(labels, len(grey), self.classes)
        if refine < 0:
            raise DataError(f"refine is {refine}, expected a number of steps, at least 0")
        if alternatives < 1:
            raise DataError(f"alternatives is {alternatives}, expected at least 1")
        self._check_plan(plan, told, alternatives)
        return concatenated(
            self.write_thinned(thinned, told, refined=refine, alternatives=alternatives, plan=plan)
        )

    def _check_plan(self, plan: int | None, labels: Labels, alternatives: int) -> None:
        if plan is None:
            return
        if self.plans is None:
            raise DataError(f"plan {plan}: this writer knows no plans; leave it out")
        if alternatives > 1:
            raise DataError(f"plan {plan} with {alternatives} alternatives: give one or the other")
        numbers = self.plans.numbers[labels]
        if not 0 <= plan < numbers.min():
            which = self.classes.listed([self.classes.names[labels[numbers.argmin()]]])
            raise DataError(f"plan {plan}: {which} has {numbers.min()}, numbered from 0 on")

    def write_thinned(
        self,
        pictures: Pictures,
        labels: Labels,
        *,
        refined: int = 0,
        alternatives: int = 1,
        plan: int | None = None,
    ) -> Iterator[Written]:
        """Write thinned pictures as they are, a chunk at a time, in bounded memory.

        Args:
          pictures: ``[M, H, W]``, uint8 of 0 and 1 or float32 in [0, 1].
          labels: int32 ``[M]``, numbers of classes.
          refined: steps of refinement; 0 for none.
          alternatives: as of `write`.
          plan: as of `write`.
        """
        return write_digits(
            self.parameters,
            pictures,
            labels,
            config=self.config,
            plans=self.plans,
            alternatives=alternatives,
            plan=plan,
            refined=refined,
            neural_line=self.neural_line,
        )

    def draw(
        self, points: npt.NDArray[np.float32], *, height: int = 28, width: int = 28
    ) -> npt.NDArray[np.float32]:
        """The differentiable drawing of points ``[..., T, 3]``, as the run drew in training."""
        return np.asarray(
            draw(
                jnp.asarray(points),
                self.config.drawing,
                height=height,
                width=width,
                neural_line=self.neural_line,
            )
        )

    def figure(self, written: Written) -> StrokeFigure:
        """What was written with its drawings, to be shown by `strokes.figures`."""
        height, width = written.pictures.shape[1:]
        drawings = self.draw(written.points, height=height, width=width)
        return StrokeFigure(written.pictures, written.points, written.pen_up, drawings)

    def _read(self, grey: Grey, thinned: Grey) -> Labels:
        """What pictures show, as far as the shipped recognisers read it."""
        if self.classes != DIGITS:
            raise DataError(
                "labels: give them, as what ships reads digits alone; a recogniser of these "
                "classes reads them (strokes.reading.recognizer.load_recognizer)"
            )
        return _read_digits(grey, thinned)

    def _checked_pictures(self, pictures: npt.ArrayLike) -> Grey:
        """``[N, H, W]``, 0 to 255."""
        decoder = self.config.networks.decoder
        size = (decoder.picture_height, decoder.picture_width)
        given = np.asarray(pictures)
        array = given[None] if given.ndim == 2 else given
        if array.ndim != 3 or array.shape[1:] != size or not len(array):
            raise DataError(
                f"pictures have shape {list(given.shape)}, expected {list(size)} or "
                f"{['N', *size]}: prepare photos first (strokes.read, scripts.prepare_handwriting)"
            )
        return _to_grey(array)


def _to_grey(pictures: npt.NDArray[Any]) -> Grey:
    """Pictures of any kind that `Writer.write` takes as uint8, 0 to 255."""
    if pictures.dtype == np.bool_ or (pictures.dtype == np.uint8 and pictures.max() <= 1):
        return np.where(pictures, np.uint8(255), np.uint8(0))
    if pictures.dtype == np.uint8:
        return pictures
    if not np.issubdtype(pictures.dtype, np.floating):
        raise DataError(f"pictures are {pictures.dtype}, expected uint8, bool or a float type")
    low, high = float(pictures.min()), float(pictures.max())
    if not (low >= 0.0 and high <= 1.0):
        raise DataError(f"pictures run from {low} to {high}, expected 0 (paper) to 1 (ink)")
    return np.round(255.0 * pictures).astype(np.uint8)


def _checked_labels(labels: npt.ArrayLike, count: int, classes: Classes) -> Labels:
    given = np.atleast_1d(np.asarray(labels))
    if given.dtype.kind == "U":
        try:
            given = np.array([classes.number(name) for name in given.ravel().tolist()], np.int64)
        except ValueError as error:
            raise DataError(str(error)) from error
    if given.shape != (count,) or not np.issubdtype(given.dtype, np.integer):
        raise DataError(
            f"labels are {given.dtype} {list(given.shape)}, expected integers [{count}]"
        )
    if given.min() < 0 or given.max() >= len(classes):
        raise DataError(
            f"labels from {given.min()} to {given.max()}, expected 0 to {len(classes) - 1}"
        )
    return given.astype(np.int32)


def _read_digits(grey: Grey, thinned: Grey) -> Labels:
    """The digits of pictures, by the recogniser of their kind."""
    bare = (grey == 255 * thinned).all(axis=(1, 2))
    labels = np.empty(len(grey), np.int32)
    if bare.any():
        labels[bare] = load_recognizer(THINNED_RECOGNIZER, of="thinned").read(thinned[bare])
    if not bare.all():
        labels[~bare] = load_recognizer(GREY_RECOGNIZER).read(grey[~bare])
    return labels


def load_writer(path: Path | str | None = None) -> Writer:
    """Read a writer from a file that `save_writer` wrote.

    Args:
      path: the file, or the folder of a run, which has one; the shipped writer if not given.

    Raises:
      DataError: the file is missing or damaged, or holds something else.
    """
    path = SHIPPED_WRITER if path is None else Path(path)
    if path.is_dir():
        folder, path = path, path / WRITER_FILE
        if not path.is_file():
            raise DataError(
                f"{folder}: no {WRITER_FILE} in it, which a run has from its first epoch on; for "
                f"one of before: python -m scripts.release_model --checkpoint {folder} --out {path}"
            )
    facts = load_facts(path)
    try:
        values, step = facts["config"], whole(facts["step"])
        classes = classes_of(facts)
    except UNUSABLE as error:
        raise DataError(f"{path}: no stroke model ({error})") from error
    config = writer_config(values)
    if len(classes) != config.networks.classes:
        raise DataError(
            f"{path}: no stroke model (decoders of {config.networks.classes} classes, "
            f"{len(classes)} names)"
        )
    like: list[Any] = [parameter_shapes(config.networks)]
    plans = None
    if config.networks.plans:
        plans = gate_shapes(facts.get("plans"), config.networks, source=str(path))
        like.append(gate_tree(plans))
    if config.drawing.line == "neural":
        like.append(jax.eval_shape(lambda: initial_neural_line(key=jax.random.key(0))))
    parameters, *rest = load_weights(path, *like)
    if plans is not None:
        plans = plans._replace(gate=rest.pop(0)["gate"])
    neural_line = jax.tree.map(jnp.asarray, rest.pop()) if rest else None
    return Writer(config, parameters, step, facts, neural_line, plans, classes)


def save_writer(writer: Writer, path: Path) -> None:
    """Write a writer with its facts into one file, in half precision and eight bits.

    Args:
      writer: to write.
      path: where to; ends in .safetensors.
    """
    trees: list[Any] = [writer.parameters]
    facts = writer.facts | writer.classes.facts() | {"step": writer.step}
    if writer.plans is not None:
        trees.append(gate_tree(writer.plans))
        facts["plans"] = plan_facts(writer.plans)
    if writer.neural_line is not None:
        trees.append(writer.neural_line)
    save_weights(path, *trees, facts=facts, eight_bits=_EIGHT_BITS)
